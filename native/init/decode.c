/*
 * The bounds-checked reader of plans. A plan comes from the runtime, not from the container, yet it
 * is checked as if it were hostile: one wrong offset here would be a root process reading where it
 * should not.
 */
#include "decode.h"

#include <string.h>

struct operation {
	uint16_t number;
	const char *arguments; /* "name:type name:type" */
};

static const struct operation operations[] = {
#define OP(number, name, arguments, what) {number, arguments},
#include "../ops.def"
#undef OP
};

static const struct operation *find_operation(uint16_t number)
{
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (operations[i].number == number)
			return &operations[i];
	return NULL;
}

/* A string is its bytes, a closing NUL and no other NUL. */
static bool valid_string(const unsigned char *image, size_t size, const union argument *arg)
{
	size_t offset = arg->range.offset, length = arg->range.length;

	if (offset >= size || length >= size - offset)
		return false;
	return memchr(image + offset, 0, length + 1) == image + offset + length;
}

/* Entries are eight bytes each, and one of zeros closes the list: room for the NULL that execve
 * wants. */
static bool relocate_list(unsigned char *image, size_t size, const union argument *arg)
{
	size_t offset = arg->range.offset, count = arg->range.length;

	if (offset % sizeof(union argument) != 0 || offset >= size ||
	    count >= (size - offset) / sizeof(union argument))
		return false;
	union argument *entries = (union argument *)(void *)(image + offset);

	for (size_t i = 0; i < count; i++) {
		if (!valid_string(image, size, &entries[i]))
			return false;
		entries[i].pointer = (char *)image + entries[i].range.offset;
	}
	return entries[count].number == 0;
}

static bool valid_numbers(size_t size, const union argument *arg)
{
	size_t offset = arg->range.offset, count = arg->range.length;

	return offset % sizeof(uint32_t) == 0 && offset <= size &&
	       count <= (size - offset) / sizeof(uint32_t);
}

static bool valid_argument(unsigned char *image, size_t size, char type, const union argument *arg)
{
	switch (type) {
	case 'u':
		return arg->number <= UINT32_MAX;
	case 'q':
		return true;
	case 'f':
	case 'o':
		return arg->number < SLOT_COUNT;
	case 's':
		return valid_string(image, size, arg);
	case 'l':
		return relocate_list(image, size, arg);
	case 'n':
		return valid_numbers(size, arg);
	default:
		return false;
	}
}

static bool valid_step(unsigned char *image, size_t size, const struct step_header *step)
{
	const struct operation *operation = find_operation(step->op);
	const union argument *args = (const union argument *)(const void *)(step + 1);
	size_t index = 0;

	if (!operation)
		return false;
	for (const char *c = operation->arguments; *c; c++) {
		if (*c != ':')
			continue;
		if (index >= step->argc || !valid_argument(image, size, c[1], &args[index]))
			return false;
		index++;
	}
	return index == step->argc;
}

/* Lists are changed in place, so they must not lie where the steps are: the steps end before
 * `limit`. */
static bool outside_steps(const struct step_header *step, size_t limit)
{
	const union argument *args = (const union argument *)(const void *)(step + 1);
	const struct operation *operation = find_operation(step->op);
	size_t index = 0;

	if (!operation)
		return false;
	for (const char *c = operation->arguments; *c && index < step->argc; c++) {
		if (*c != ':')
			continue;
		if (strchr("sln", c[1]) && args[index].range.offset < limit)
			return false;
		index++;
	}
	return true;
}

static bool walk(unsigned char *image, size_t size, uint32_t steps, size_t *end)
{
	size_t at = sizeof(struct plan_header);

	for (uint32_t i = 0; i < steps; i++) {
		if (size - at < sizeof(struct step_header))
			return false;
		const struct step_header *step = (const void *)(image + at);
		size_t bytes = sizeof(*step) + step->argc * sizeof(union argument);

		if (size - at < bytes)
			return false;
		at += bytes;
	}
	*end = at;
	return true;
}

bool plan_decode(unsigned char *image, size_t size)
{
	struct plan_header header;
	size_t end, at = sizeof(header);

	if (size < sizeof(header) || size > PLAN_MAX_BYTES || size % sizeof(union argument) != 0)
		return false;
	memcpy(&header, image, sizeof(header));
	if (header.magic != PLAN_MAGIC || header.version != PLAN_VERSION || header.size != size ||
	    header.steps == 0 || header.steps > PLAN_MAX_STEPS)
		return false;
	if (!walk(image, size, header.steps, &end))
		return false;
	for (uint32_t i = 0; i < header.steps; i++) {
		const struct step_header *step = (const void *)(image + at);

		if (!outside_steps(step, end) || !valid_step(image, size, step))
			return false;
		at += sizeof(*step) + step->argc * sizeof(union argument);
	}
	return true;
}
