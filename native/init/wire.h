/*
 * The wire format of a plan and of the messages about it. Little-endian, native alignment, no
 * pointers: strings and lists are (offset, length) into the same image. src/plan/encode.ts writes
 * it.
 *
 * header · steps · lists and strings. A step is a step header and its arguments, eight bytes each.
 */
#ifndef RUNT_WIRE_H
#define RUNT_WIRE_H

#include <stdint.h>

#define PLAN_MAGIC 0x544e5552u /* "RUNT" */
#define PLAN_VERSION 1u
#define PLAN_MAX_BYTES (64u << 20)
#define PLAN_MAX_STEPS 65536u
#define SLOT_COUNT 1024u
#define DETAIL_MAX 1024u

struct plan_header {
	uint32_t magic;
	uint32_t version;
	uint32_t size; /* of the whole image, bytes */
	uint32_t steps;
};

enum step_flag {
	STEP_WARN = 1, /* a tolerated failure is told to the runtime all the same */
};

struct step_header {
	uint16_t op;
	uint8_t argc;
	uint8_t flags;
	uint16_t tolerate[2]; /* errnos that do not end the plan; 0 none, 0xffff any */
};

/* One argument. Numbers use `number`; strings and lists the pair. */
union argument {
	uint64_t number;
	struct {
		uint32_t offset;
		uint32_t length;
	} range;
	char *pointer; /* list entries after decoding */
};

enum message_kind {
	MESSAGE_FAILED = 1,	/* init: step and op; value is the errno */
	MESSAGE_GATE = 2,	/* init: value is the gate that was reached */
	MESSAGE_CHILD = 3,	/* init: value is the pid that goes on with the plan */
	MESSAGE_DESCRIPTOR = 4, /* init: value is the tag; the descriptor rides along */
	MESSAGE_HOOK = 5,	/* init: a hook failed; value is its wait status, or -errno */
	MESSAGE_TOLERATED = 6,	/* init: step and op; value is the errno that was passed over */
	MESSAGE_GO = 7,		/* runtime: value is the gate that may be passed */
	MESSAGE_LISTENER = 8,	/* init: value is its descriptor of the filter's notifications */
};

/* One SOCK_SEQPACKET packet; `detail` may follow: the kernel's words, or a hook's output. */
struct message {
	uint32_t kind;
	uint32_t step;
	uint32_t op;
	int32_t value;
};

_Static_assert(sizeof(struct plan_header) == 16, "wire format");
_Static_assert(sizeof(struct step_header) == 8, "wire format");
_Static_assert(sizeof(union argument) == 8, "wire format");
_Static_assert(sizeof(struct message) == 16, "wire format");

#endif
