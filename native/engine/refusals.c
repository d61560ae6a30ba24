/* Promises that were refused and that nobody waits for: as in Node, they end the program. */
#include "engine.h"

#include <string.h>

#define MAX_REFUSED 64

static struct refused {
	JSValue promise, reason;
} refused[MAX_REFUSED];
static size_t count;

static void forget(JSContext *context, JSValueConst promise)
{
	for (size_t i = 0; i < count; i++) {
		if (JS_VALUE_GET_PTR(refused[i].promise) != JS_VALUE_GET_PTR(promise))
			continue;
		JS_FreeValue(context, refused[i].promise);
		JS_FreeValue(context, refused[i].reason);
		count--;
		memmove(&refused[i], &refused[i + 1], (count - i) * sizeof(*refused));
		return;
	}
}

/* Called when a promise is refused that nobody waits for, and when somebody does so after all. */
static void note(JSContext *context, JSValueConst promise, JSValueConst reason, JS_BOOL waited_for,
		 void *opaque)
{
	(void)opaque;
	if (waited_for)
		forget(context, promise);
	else if (count < MAX_REFUSED)
		refused[count++] =
		    (struct refused){JS_DupValue(context, promise), JS_DupValue(context, reason)};
	else
		die_of(context, reason);
}

void watch_refusals(JSRuntime *runtime)
{
	JS_SetHostPromiseRejectionTracker(runtime, note, NULL);
}

const JSValue *first_refusal(void)
{
	return count > 0 ? &refused[0].reason : NULL;
}
