/*
 * What the caller gave: noted first, for src/kernel/caller.ts to read, in the form of `struct
 * record`.
 */
#include "engine.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "../lib/librunt.h"

#define RECORD_MAGIC 0x4c4c4143u /* "CALL" */
#define OPEN_MAX_NOTED 1024u

/* Then come: argv[0] and the environment, each text closed by NUL. */
struct record {
	uint32_t magic;
	uint32_t umask;
	uint64_t blocked;     /* bit n-1 is signal n */
	uint64_t soft, hard;  /* RLIMIT_NOFILE */
	uint32_t arguments;   /* bytes of argv[0] with its NUL */
	uint32_t environment; /* bytes of the environment */
	uint64_t started;     /* CLOCK_MONOTONIC in ns, for a command line with --trace */
	uint8_t open[OPEN_MAX_NOTED / 8]; /* bit n: descriptor n was open */
};

/* The C library keeps three real-time signals for itself, so the kernel is asked directly. */
static void note_signals(struct record *record)
{
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, NULL, &record->blocked, sizeof(uint64_t));
}

/* poll(2) names the closed ones: one call, not one for each number. */
static bool note_descriptors(struct record *record)
{
	static struct pollfd all[OPEN_MAX_NOTED];

	for (unsigned int descriptor = 0; descriptor < OPEN_MAX_NOTED; descriptor++)
		all[descriptor].fd = (int)descriptor;
	/* more than RLIMIT_NOFILE may not be asked for at once: then no higher number is open but
	 * by a raised limit */
	nfds_t count = record->soft < OPEN_MAX_NOTED ? (nfds_t)record->soft : OPEN_MAX_NOTED;

	if (poll(all, count, 0) < 0)
		return false;
	for (unsigned int descriptor = 0; descriptor < count; descriptor++)
		if (!(all[descriptor].revents & POLLNVAL))
			record->open[descriptor / 8] |= (uint8_t)(1u << descriptor % 8);
	return true;
}

static void note_limits(struct record *record)
{
	struct rlimit limit = {0, 0};
	mode_t mask = umask(0);

	umask(mask);
	record->umask = mask;
	getrlimit(RLIMIT_NOFILE, &limit);
	record->soft = limit.rlim_cur;
	record->hard = limit.rlim_max;
}

/* The option as it may be spelled. A word of the container's own that looks like it is no harm. */
static bool asks_for_trace(const char *word)
{
	return strncmp(word, "--trace", 7) == 0 || strncmp(word, "-trace", 6) == 0;
}

/* Nobody else asks for the time, so that it costs them nothing. */
static uint64_t start_to_note(char **argv)
{
	for (; *argv; argv++)
		if (asks_for_trace(*argv))
			return (uint64_t)runt_clock();
	return 0;
}

struct bytes note_caller(char **argv, char **environment)
{
	uint64_t started = start_to_note(argv);
	const char *name = argv[0];
	size_t name_size = strlen(name) + 1, rest = 0;

	for (char **entry = environment; *entry; entry++)
		rest += strlen(*entry) + 1;
	/* the kernel allows far less than 4 GiB of either: execve(2) */
	struct record *record = calloc(1, sizeof(*record) + name_size + rest);

	if (!record)
		return (struct bytes){NULL, 0};
	record->magic = RECORD_MAGIC;
	record->started = started;
	note_signals(record);
	note_limits(record);
	if (!note_descriptors(record))
		return (struct bytes){NULL, 0};
	record->arguments = (uint32_t)name_size;
	record->environment = (uint32_t)rest;
	char *at = (char *)(record + 1);

	at = (char *)memcpy(at, name, name_size) + name_size;
	for (char **entry = environment; *entry; entry++) {
		size_t size = strlen(*entry) + 1;

		at = (char *)memcpy(at, *entry, size) + size;
	}
	return (struct bytes){(const uint8_t *)record, sizeof(*record) + name_size + rest};
}
