/*
 * The decoder alone, without the machine: shows it any bytes and runs nothing. For test/native.
 *
 * Standard input: images, each behind its length as a 32-bit number. Standard output: for each a
 * line, "accepted" or "refused". Every image lies in memory of exactly its size, so that the
 * sanitizer sees a read behind it; of an accepted one everything is read that an operation may
 * read.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../init/decode.h"

static const char *arguments_of(uint16_t number)
{
	static const struct {
		uint16_t number;
		const char *arguments;
	} operations[] = {
#define OP(number, name, arguments, what) {number, arguments},
#include "../ops.def"
#undef OP
	};

	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (operations[i].number == number)
			return operations[i].arguments;
	abort();
}

static uint64_t read_list(unsigned char *image, const union argument *arg)
{
	char **list = (char **)(void *)(image + arg->range.offset);
	uint32_t count = 0;
	uint64_t sum = 0;

	for (; list[count]; count++)
		sum += strlen(list[count]);
	if (count != arg->range.length)
		abort();
	return sum;
}

static uint64_t read_numbers(const unsigned char *image, const union argument *arg)
{
	const uint32_t *numbers = (const uint32_t *)(const void *)(image + arg->range.offset);
	uint64_t sum = 0;

	for (uint32_t i = 0; i < arg->range.length; i++)
		sum += numbers[i];
	return sum;
}

static uint64_t read_argument(unsigned char *image, char type, const union argument *arg)
{
	switch (type) {
	case 's':
		if (strlen((const char *)image + arg->range.offset) != arg->range.length)
			abort();
		return arg->range.length;
	case 'l':
		return read_list(image, arg);
	case 'n':
		return read_numbers(image, arg);
	case 'f':
	case 'o':
		if (arg->number >= SLOT_COUNT)
			abort();
		return arg->number;
	default:
		return arg->number;
	}
}

static uint64_t read_steps(unsigned char *image)
{
	const struct plan_header *header = (const void *)image;
	const struct step_header *step = (const void *)(header + 1);
	uint64_t sum = 0;

	for (uint32_t i = 0; i < header->steps; i++) {
		const union argument *arg = (const void *)(step + 1);

		for (const char *c = arguments_of(step->op); *c; c++)
			if (*c == ':')
				sum += read_argument(image, c[1], arg++);
		step = (const void *)arg;
	}
	return sum;
}

static bool check(size_t size)
{
	unsigned char *image = malloc(size ? size : 1);

	if (!image || fread(image, 1, size, stdin) != size)
		abort();
	bool accepted = plan_decode(image, size);
	static volatile uint64_t sink; /* the reading itself is what is tested */

	if (accepted)
		sink += read_steps(image);
	free(image);
	return accepted;
}

int main(void)
{
	uint32_t size;

	while (fread(&size, sizeof(size), 1, stdin) == 1)
		puts(check(size) ? "accepted" : "refused");
	return 0;
}
