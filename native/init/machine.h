/*
 * The machine that runs a plan: descriptor slots, the place it has reached, and whom it reports to.
 * Operations return 0, or -1 with errno set; they print nothing and decide nothing.
 */
#ifndef RUNT_MACHINE_H
#define RUNT_MACHINE_H

#include <stddef.h>
#include <stdint.h>
#include "wire.h"

struct machine {
	unsigned char *image;
	const struct step_header *step; /* the one being run */
	uint32_t index;			/* its number */
	int report;			/* socket to the runtime */
	int slots[SLOT_COUNT];
	int proc;		/* the host's procfs, where the kernel cannot do without; else -1 */
	const char *executable; /* found by findExecutable */
	int in_working_folder;
	int empty_attached; /* what covers masked folders covers one already */
	int filtered;	 /* a filter of system calls is in force: words go out by write(2) alone */
	uint64_t *times; /* where the next stamp goes, in a plan that has any */
	uint32_t times_left;
	char home[512]; /* "HOME=…", or empty: found by homeFolder */
	uint32_t detail_length;
	char detail[DETAIL_MAX]; /* the kernel's own words about a failure */
};

static inline const union argument *arg_at(const struct machine *m, unsigned int i)
{
	return (const union argument *)(const void *)(m->step + 1) + i;
}

static inline uint64_t arg_number(const struct machine *m, unsigned int i)
{
	return arg_at(m, i)->number;
}

static inline uint32_t arg_u32(const struct machine *m, unsigned int i)
{
	return (uint32_t)arg_at(m, i)->number;
}

static inline const char *arg_string(const struct machine *m, unsigned int i)
{
	return (const char *)m->image + arg_at(m, i)->range.offset;
}

static inline uint32_t arg_length(const struct machine *m, unsigned int i)
{
	return arg_at(m, i)->range.length;
}

/* A list of strings, closed by NULL, as execve wants it. */
static inline char **arg_list(const struct machine *m, unsigned int i)
{
	return (char **)(void *)(m->image + arg_at(m, i)->range.offset);
}

static inline const uint32_t *arg_numbers(const struct machine *m, unsigned int i)
{
	return (const uint32_t *)(const void *)(m->image + arg_at(m, i)->range.offset);
}

/* The descriptor in a slot; -1, which every system call refuses with EBADF, where the slot is
 * empty. */
static inline int arg_slot(const struct machine *m, unsigned int i)
{
	return m->slots[arg_number(m, i)];
}

/* Puts a new descriptor (or a failure) into a slot; what the slot held is closed. */
int fill_slot(struct machine *m, unsigned int i, int descriptor);

/* Runs every step; returns only when one failed. */
int machine_run(struct machine *m);

/* One function for each row of ops.def. */
#define OP(number, name, arguments, what) int op_##name(struct machine *m);
#include "../ops.def"
#undef OP

#endif
