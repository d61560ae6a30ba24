/*
 * Memory for QuickJS: small pieces are cut from large ones and kept by size when they come back. A
 * command makes ten thousand of them, lives for milliseconds, and gives nothing back at its end.
 *
 * A word before each piece says how large it is; what is beyond the largest class is malloc's.
 */
#include "engine.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define STEP ((size_t)16)
#define CLASSES ((size_t)33) /* up to 512 bytes, with the word before */
#define CHUNK ((size_t)256 << 10)
#define HEAD sizeof(size_t)

struct piece {
	struct piece *next;
};

static struct piece *kept[CLASSES];
static char *fresh, *fresh_end;

static size_t class_of(size_t size)
{
	return (size + HEAD + STEP - 1) / STEP;
}

static size_t *head_of(const void *piece)
{
	return (size_t *)(void *)((char *)(uintptr_t)piece - HEAD);
}

/* Bytes that the piece can hold. */
static size_t room(const void *piece)
{
	return piece ? *head_of(piece) : 0;
}

static void *cut(size_t size)
{
	if ((size_t)(fresh_end - fresh) < size) {
		/* all of it will be used, and a fault for each page costs more than the page */
		char *chunk = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

		if (chunk == MAP_FAILED)
			return NULL;
		/* what is left of the last one is less than the largest class */
		fresh = chunk;
		fresh_end = chunk + CHUNK;
	}
	char *at = fresh;

	fresh += size;
	return at;
}

static void *take(size_t size)
{
	size_t class = class_of(size);
	size_t *head;

	if (class >= CLASSES) {
		if (size > SIZE_MAX - HEAD || !(head = malloc(size + HEAD)))
			return NULL;
		*head = size;
		return head + 1;
	}
	struct piece *piece = kept[class];

	if (piece) {
		kept[class] = piece->next;
		return piece;
	}
	head = cut(class * STEP);
	if (!head)
		return NULL;
	*head = class * STEP - HEAD;
	return head + 1;
}

static void give_back(void *given)
{
	size_t size = room(given), class = class_of(size);
	struct piece *piece = given;

	if (class >= CLASSES) {
		free(head_of(given));
		return;
	}
	piece->next = kept[class];
	kept[class] = piece;
}

static void *engine_malloc(JSMallocState *state, size_t size)
{
	void *piece = take(size);

	if (piece) {
		state->malloc_count++;
		state->malloc_size += room(piece);
	}
	return piece;
}

static void engine_free(JSMallocState *state, void *piece)
{
	if (!piece)
		return;
	state->malloc_count--;
	state->malloc_size -= room(piece);
	give_back(piece);
}

static void *engine_realloc(JSMallocState *state, void *piece, size_t size)
{
	if (!piece)
		return size == 0 ? NULL : engine_malloc(state, size);
	if (size == 0) {
		engine_free(state, piece);
		return NULL;
	}
	size_t before = room(piece);

	if (class_of(before) >= CLASSES && class_of(size) >= CLASSES) {
		size_t *head = size > SIZE_MAX - HEAD ? NULL : realloc(head_of(piece), size + HEAD);

		if (!head)
			return NULL;
		*head = size;
		state->malloc_size += size - before;
		return head + 1;
	}
	if (size <= before && class_of(before) < CLASSES)
		return piece;
	void *other = engine_malloc(state, size);

	if (!other)
		return NULL;
	memcpy(other, piece, before < size ? before : size);
	engine_free(state, piece);
	return other;
}

const JSMallocFunctions engine_memory = {engine_malloc, engine_free, engine_realloc, room};
