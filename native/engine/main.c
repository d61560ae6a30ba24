/*
 * `runt`: notes what the caller gave, makes the engine and its world, runs the program.
 */
#include "engine.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The cycle collector has nothing to do in a command of milliseconds; `events` runs for days. */
#define COLLECT_AT ((size_t)16 << 20)

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "runt: %s\n", what);
	_exit(1);
}

/* What went wrong in the program itself, as no caller should ever see it. */
_Noreturn void die_of(JSContext *context, JSValueConst error)
{
	const char *text = JS_ToCString(context, error);
	JSValue stack = JS_GetPropertyStr(context, error, "stack");
	const char *trace = JS_IsString(stack) ? JS_ToCString(context, stack) : NULL;

	fprintf(stderr, "runt: %s\n%s", text ? text : "unknown failure", trace ? trace : "");
	_exit(1);
}

/* Own descriptors must not be number 0, 1 or 2. */
static void fill_stdio(void)
{
	for (int descriptor = 0; descriptor < 3; descriptor++)
		if (fcntl(descriptor, F_GETFD) < 0 && open("/dev/null", O_RDWR) != descriptor)
			die("cannot open /dev/null");
}

static void run_to_end(JSContext *context, JSRuntime *runtime)
{
	for (;;) {
		JSContext *of_job;
		int ran = JS_ExecutePendingJob(runtime, &of_job);

		if (ran < 0)
			die_of(context, JS_GetException(of_job));
		if (ran > 0)
			continue;
		/* the program's own, too */
		if (first_refusal())
			die_of(context, *first_refusal());
		if (!run_timer(context))
			return;
		if (JS_HasException(context))
			die_of(context, JS_GetException(context));
	}
}

extern char **environ;

int main(int argc, char **argv)
{
	if (argc < 1)
		die("has no name");
	fill_stdio();
	struct start start = {argc, argv, note_caller(argv, environ)};
	JSRuntime *runtime = JS_NewRuntime2(&engine_memory, NULL);
	JSContext *context = runtime ? JS_NewContext(runtime) : NULL;

	if (!start.caller.data)
		die("cannot note what its caller gave it");
	if (!context)
		die("no memory");
	JS_SetGCThreshold(runtime, COLLECT_AT);
	watch_refusals(runtime);
	JS_SetModuleLoaderFunc(runtime, NULL, load_module, NULL);
	make_world(context, &start);
	make_timers(context);
	JSValue program = run_program(context);

	if (JS_IsException(program))
		die_of(context, JS_GetException(context));
	run_to_end(context, runtime);
	/* the program ends by process.exit */
	die("ended without an answer");
}
