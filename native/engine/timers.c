/* setTimeout, without a way to take it back: runt waits for time and for nothing else at once. */
#include "engine.h"

#include <errno.h>
#include <time.h>
#include "../lib/librunt.h"

#define MAX_TIMERS 64

static struct timer {
	int64_t due; /* ns of CLOCK_MONOTONIC */
	JSValue callback;
} timers[MAX_TIMERS];
static size_t count;

static JSValue set_timeout(JSContext *context, JSValueConst self, int argc, JSValueConst *argv)
{
	double milliseconds = 0;

	(void)self;
	if (argc < 1 || !JS_IsFunction(context, argv[0]))
		return JS_ThrowTypeError(context, "setTimeout takes a function");
	if (argc > 1 && JS_ToFloat64(context, &milliseconds, argv[1]) < 0)
		return JS_EXCEPTION;
	if (count == MAX_TIMERS)
		return JS_ThrowInternalError(context, "too many timers");
	/* as in browsers: what is no time is none */
	if (!(milliseconds > 0 && milliseconds < 2147483648.0))
		milliseconds = 0;
	timers[count++] = (struct timer){(int64_t)(runt_clock() + milliseconds * 1e6),
					 JS_DupValue(context, argv[0])};
	return JS_UNDEFINED;
}

static struct timer take_next(void)
{
	size_t next = 0;

	for (size_t i = 1; i < count; i++)
		if (timers[i].due < timers[next].due)
			next = i;
	struct timer timer = timers[next];

	/* those of one time keep their order */
	count--;
	for (size_t i = next; i < count; i++)
		timers[i] = timers[i + 1];
	return timer;
}

/* Waits for the next one and calls it: false where there is none. What the call throws stays with
 * the context. */
bool run_timer(JSContext *context)
{
	if (count == 0)
		return false;
	struct timer timer = take_next();
	struct timespec due = {timer.due / 1000000000, timer.due % 1000000000};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) == EINTR)
		continue;
	JSValue result = JS_Call(context, timer.callback, JS_UNDEFINED, 0, NULL);

	JS_FreeValue(context, result);
	JS_FreeValue(context, timer.callback);
	return true;
}

void make_timers(JSContext *context)
{
	JSValue global = JS_GetGlobalObject(context);

	JS_SetPropertyStr(context, global, "setTimeout",
			  JS_NewCFunction(context, set_timeout, "setTimeout", 2));
	JS_FreeValue(context, global);
}
