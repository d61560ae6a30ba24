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

/* The image under examination; the steps end before `heap`, where lists and strings begin. */
struct image {
	unsigned char *bytes;
	size_t size;
	size_t heap;
};

/* A string is its bytes, a closing NUL and no other NUL. */
static bool valid_string(const struct image *image, const union argument *arg)
{
	size_t offset = arg->range.offset, length = arg->range.length;

	if (offset >= image->size || length >= image->size - offset)
		return false;
	return memchr(image->bytes + offset, 0, length + 1) == image->bytes + offset + length;
}

/* Entries are eight bytes each, and one of zeros closes the list: room for the NULL that execve
 * wants. */
static bool relocate_list(const struct image *image, const union argument *arg)
{
	size_t offset = arg->range.offset, count = arg->range.length;

	if (offset % sizeof(union argument) != 0 || offset >= image->size ||
	    count >= (image->size - offset) / sizeof(union argument))
		return false;
	union argument *entries = (union argument *)(void *)(image->bytes + offset);

	for (size_t i = 0; i < count; i++) {
		if (!valid_string(image, &entries[i]))
			return false;
		entries[i].pointer = (char *)image->bytes + entries[i].range.offset;
	}
	return entries[count].number == 0;
}

static bool valid_numbers(const struct image *image, const union argument *arg)
{
	size_t offset = arg->range.offset, count = arg->range.length;

	return offset % sizeof(uint32_t) == 0 && offset <= image->size &&
	       count <= (image->size - offset) / sizeof(uint32_t);
}

/* Lists are changed in place, so they must not lie where the steps are. */
static bool outside_steps(const struct image *image, char type, const union argument *arg)
{
	return !strchr("sln", type) || arg->range.offset >= image->heap;
}

static bool valid_argument(const struct image *image, char type, const union argument *arg)
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
		return valid_string(image, arg);
	case 'l':
		return relocate_list(image, arg);
	case 'n':
		return valid_numbers(image, arg);
	default:
		return false;
	}
}

static bool settled_list(const struct image *image, const union argument *arg)
{
	const union argument *entry = (void *)(image->bytes + arg->range.offset);
	uintptr_t start = (uintptr_t)image->bytes;

	for (uint32_t i = 0; i < arg->range.length; i++, entry++) {
		uintptr_t place = (uintptr_t)entry->pointer - start;

		if (place >= image->size || !memchr(image->bytes + place, 0, image->size - place))
			return false;
	}
	return entry->number == 0;
}

/* Asked once all lists are changed: a string that shares its bytes with a list is no string now. */
static bool settled_argument(const struct image *image, char type, const union argument *arg)
{
	return (type != 's' || valid_string(image, arg)) &&
	       (type != 'l' || settled_list(image, arg));
}

typedef bool (*argument_check)(const struct image *image, char type, const union argument *arg);

static bool check_step(const struct image *image, const struct step_header *step,
		       argument_check check)
{
	const struct operation *operation = find_operation(step->op);
	const union argument *args = (const union argument *)(const void *)(step + 1);
	size_t index = 0;

	if (!operation)
		return false;
	for (const char *c = operation->arguments; *c; c++) {
		if (*c != ':')
			continue;
		if (index >= step->argc || !check(image, c[1], &args[index]))
			return false;
		index++;
	}
	return index == step->argc;
}

static size_t step_size(const struct step_header *step)
{
	return sizeof(*step) + step->argc * sizeof(union argument);
}

static bool check_steps(const struct image *image, argument_check check)
{
	for (size_t at = sizeof(struct plan_header); at < image->heap;) {
		const struct step_header *step = (const void *)(image->bytes + at);

		if (!check_step(image, step, check))
			return false;
		at += step_size(step);
	}
	return true;
}

static bool find_heap(struct image *image, uint32_t steps)
{
	size_t at = sizeof(struct plan_header);

	for (uint32_t i = 0; i < steps; i++) {
		if (image->size - at < sizeof(struct step_header))
			return false;
		size_t bytes = step_size((const void *)(image->bytes + at));

		if (image->size - at < bytes)
			return false;
		at += bytes;
	}
	image->heap = at;
	return true;
}

bool plan_decode(unsigned char *bytes, size_t size)
{
	struct image image = {.bytes = bytes, .size = size};
	struct plan_header header;

	if (size < sizeof(header) || size > PLAN_MAX_BYTES || size % sizeof(union argument) != 0)
		return false;
	memcpy(&header, bytes, sizeof(header));
	if (header.magic != PLAN_MAGIC || header.version != PLAN_VERSION || header.size != size ||
	    header.steps == 0 || header.steps > PLAN_MAX_STEPS)
		return false;
	return find_heap(&image, header.steps) && check_steps(&image, outside_steps) &&
	       check_steps(&image, valid_argument) && check_steps(&image, settled_argument);
}
