/*
 * The executable's engine: QuickJS, and around it as much of a world as runt's TypeScript needs.
 *
 * One thread, one context, no event loop but timers. What is wrong with our own code ends the
 * process with a message; what is wrong with the user's input never reaches this far.
 */
#ifndef ENGINE_H
#define ENGINE_H

#include <quickjs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* caller.c: what the caller gave, before anything of it is changed; nothing where it cannot be
 * noted. */
struct bytes {
	const uint8_t *data;
	size_t size;
};
struct bytes note_caller(char **argv, char **environment);

/* memory.c */
extern const JSMallocFunctions engine_memory;

/* modules.c: the program, which lies compiled in the executable. */
JSModuleDef *load_module(JSContext *context, const char *name, void *opaque);
JSValue run_program(JSContext *context);

/* world.c: process, performance, TextEncoder and TextDecoder. */
struct start {
	int argc;
	char **argv;
	struct bytes caller;
};
void make_world(JSContext *context, const struct start *start);

/* timers.c: setTimeout, and the wait for what it announced. */
void make_timers(JSContext *context);
bool run_timer(JSContext *context);

/* main.c: ends the process, with what went wrong in the program itself. */
_Noreturn void die_of(JSContext *context, JSValueConst error);

/* refusals.c: the reason of a promise that was refused and that nobody waits for; NULL where there
 * is none. */
void watch_refusals(JSRuntime *runtime);
const JSValue *first_refusal(void);

/* node_api.c: librunt, which is linked in, as an object of JavaScript. */
JSValue make_librunt(JSContext *context);

/* text.c: a string of bytes that claim to be UTF-8; what is not becomes U+FFFD, as in WHATWG's
 * decoder. */
JSValue text_of_utf8(JSContext *context, const char *bytes, size_t size);

#endif
