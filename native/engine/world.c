/*
 * What runt's TypeScript takes for granted of its surroundings, and the language does not bring: a
 * part of Node's `process`, and a few classes of the web's.
 */
#include "engine.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../lib/librunt.h"

typedef JSValue function(JSContext *, JSValueConst, int, JSValueConst *);

static void set(JSContext *context, JSValueConst object, const char *name, JSValue value)
{
	JS_DefinePropertyValueStr(context, object, name, value, JS_PROP_C_W_E);
}

static void set_function(JSContext *context, JSValueConst object, const char *name, function *call)
{
	set(context, object, name, JS_NewCFunction(context, call, name, 0));
}

static JSValue process_cwd(JSContext *context, JSValueConst self, int argc, JSValueConst *argv)
{
	char path[PATH_MAX];

	(void)self;
	(void)argc;
	(void)argv;
	/* of one that cannot be reached any more the kernel says so in brackets */
	if (!getcwd(path, sizeof(path)) || path[0] != '/')
		return JS_ThrowTypeError(context, "ENOENT: the working folder is gone");
	return text_of_utf8(context, path, strlen(path));
}

static JSValue process_umask(JSContext *context, JSValueConst self, int argc, JSValueConst *argv)
{
	mode_t mask = umask(0);

	(void)self;
	(void)argc;
	(void)argv;
	umask(mask);
	return JS_NewInt32(context, (int32_t)mask);
}

enum id { REAL_USER, EFFECTIVE_USER, EFFECTIVE_GROUP };

static JSValue process_id(JSContext *context, JSValueConst self, int argc, JSValueConst *argv,
			  int which)
{
	(void)self;
	(void)argc;
	(void)argv;
	return JS_NewInt64(context, which == REAL_USER	      ? getuid()
				    : which == EFFECTIVE_USER ? geteuid()
							      : getegid());
}

static void set_id(JSContext *context, JSValueConst process, const char *name, enum id which)
{
	set(context, process, name,
	    JS_NewCFunctionMagic(context, process_id, name, 0, JS_CFUNC_generic_magic, which));
}

static JSValue process_exit(JSContext *context, JSValueConst self, int argc, JSValueConst *argv)
{
	int32_t status = 0;

	(void)self;
	if (argc > 0)
		JS_ToInt32(context, &status, argv[0]);
	_exit(status);
}

static JSValue performance_now(JSContext *context, JSValueConst self, int argc, JSValueConst *argv)
{
	(void)self;
	(void)argc;
	(void)argv;
	return JS_NewFloat64(context, runt_clock() / 1e6);
}

/* A string as UTF-8, in memory of its own. JavaScript's strings may hold half a surrogate pair,
 * which QuickJS writes as three bytes, ed a0..bf ..: U+FFFD takes as many. */
static uint8_t *utf8_of(JSContext *context, JSValueConst value, size_t *size)
{
	static const uint8_t replacement[] = {0xef, 0xbf, 0xbd};
	const char *text = JS_ToCStringLen(context, size, value);

	if (!text)
		return NULL;
	uint8_t *bytes = js_malloc(context, *size + 1);

	if (bytes) {
		/* no string: who reads it knows its size */
		/* NOLINTNEXTLINE(bugprone-not-null-terminated-result) */
		memcpy(bytes, text, *size);
		for (uint8_t *at = bytes, *end = bytes + *size;
		     (at = memchr(at, 0xed, (size_t)(end - at))); at++)
			if (end - at >= 3 && at[1] >= 0xa0)
				memcpy(at, replacement, sizeof(replacement));
	}
	JS_FreeCString(context, text);
	return bytes;
}

static void free_bytes(JSRuntime *runtime, void *opaque, void *bytes)
{
	(void)opaque;
	js_free_rt(runtime, bytes);
}

static JSValue new_bytes(JSContext *context, uint8_t *bytes, size_t size)
{
	JSValue buffer = JS_NewArrayBuffer(context, bytes, size, free_bytes, NULL, false);
	/* it reads three arguments, whatever their number */
	JSValueConst parts[] = {buffer, JS_UNDEFINED, JS_UNDEFINED};
	JSValue array = JS_NewTypedArray(context, 1, parts, JS_TYPED_ARRAY_UINT8);

	JS_FreeValue(context, buffer);
	return array;
}

static JSValue encode(JSContext *context, JSValueConst self, int argc, JSValueConst *argv)
{
	size_t size = 0;

	(void)self;
	uint8_t *bytes = argc < 1 || JS_IsUndefined(argv[0]) ? js_malloc(context, 1)
							     : utf8_of(context, argv[0], &size);

	return bytes ? new_bytes(context, bytes, size) : JS_EXCEPTION;
}

/* The bytes of a typed array; they stay its own. */
static uint8_t *bytes_of(JSContext *context, JSValueConst array, size_t *size)
{
	size_t start, element, whole;
	JSValue memory = JS_GetTypedArrayBuffer(context, array, &start, size, &element);

	if (JS_IsException(memory))
		return NULL;
	uint8_t *bytes = JS_GetArrayBuffer(context, &whole, memory);

	JS_FreeValue(context, memory);
	return bytes ? bytes + start : NULL;
}

/* { read, written }: characters of the string, counted as JavaScript does, and bytes. A place that
 * is too small gets nothing. */
static JSValue encode_into(JSContext *context, JSValueConst self, int argc, JSValueConst *argv)
{
	size_t size, room = 0;
	int64_t length = 0;

	(void)self;
	if (argc < 2 || !JS_IsString(argv[0]))
		return JS_ThrowTypeError(context, "encodeInto takes a string and a Uint8Array");
	uint8_t *bytes = utf8_of(context, argv[0], &size);

	if (!bytes)
		return JS_EXCEPTION;
	uint8_t *place = bytes_of(context, argv[1], &room);

	if (!place && room > 0) {
		js_free(context, bytes);
		return JS_EXCEPTION;
	}
	bool fits = size <= room;

	if (fits && place && size > 0)
		memcpy(place, bytes, size);
	js_free(context, bytes);
	JSValue characters = JS_GetPropertyStr(context, argv[0], "length");

	JS_ToInt64(context, &length, characters);
	JSValue result = JS_NewObject(context);

	set(context, result, "read", JS_NewInt64(context, fits ? length : 0));
	set(context, result, "written", JS_NewInt64(context, fits ? (int64_t)size : 0));
	return result;
}

static JSValue decode(JSContext *context, JSValueConst self, int argc, JSValueConst *argv)
{
	size_t size = 0;

	if (argc < 1 || JS_IsUndefined(argv[0]))
		return JS_NewString(context, "");
	const char *bytes = (const char *)bytes_of(context, argv[0], &size);

	if (!bytes)
		return size > 0 ? JS_EXCEPTION : JS_NewString(context, "");
	JSValue keeps = JS_GetPropertyStr(context, self, "ignoreBOM");
	bool keeps_mark = JS_ToBool(context, keeps) > 0;

	JS_FreeValue(context, keeps);
	if (!keeps_mark && size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		bytes += 3;
		size -= 3;
	}
	return text_of_utf8(context, bytes, size);
}

static JSValue new_instance(JSContext *context, JSValueConst target)
{
	JSValue prototype = JS_GetPropertyStr(context, target, "prototype");
	JSValue instance = JS_NewObjectProto(context, prototype);

	JS_FreeValue(context, prototype);
	return instance;
}

static JSValue new_encoder(JSContext *context, JSValueConst target, int argc, JSValueConst *argv)
{
	(void)argc;
	(void)argv;
	return new_instance(context, target);
}

/* Of the options ignoreBOM; the only encoding is UTF-8. */
static JSValue new_decoder(JSContext *context, JSValueConst target, int argc, JSValueConst *argv)
{
	JSValue instance = new_instance(context, target);

	if (argc > 1 && JS_IsObject(argv[1]))
		set(context, instance, "ignoreBOM",
		    JS_GetPropertyStr(context, argv[1], "ignoreBOM"));
	return instance;
}

static void set_class(JSContext *context, JSValueConst global, const char *name, function *make,
		      const JSCFunctionListEntry *methods, int count)
{
	JSValue constructor = JS_NewCFunction2(context, make, name, 0, JS_CFUNC_constructor, 0);
	JSValue prototype = JS_NewObject(context);

	JS_SetPropertyFunctionList(context, prototype, methods, count);
	JS_SetConstructor(context, constructor, prototype);
	JS_FreeValue(context, prototype);
	set(context, global, name, constructor);
}

static JSValue arguments_of(JSContext *context, const struct start *start)
{
	JSValue list = JS_NewArray(context);

	/* as in Node: the engine, the program, and then its arguments */
	for (int i = -1; i < start->argc; i++) {
		const char *word = start->argv[i < 0 ? 0 : i];

		JS_DefinePropertyValueUint32(context, list, (uint32_t)(i + 1),
					     text_of_utf8(context, word, strlen(word)),
					     JS_PROP_C_W_E);
	}
	return list;
}

/* V8's, which commander calls: an error knows its stack here without it. */
static JSValue capture_stack(JSContext *context, JSValueConst self, int argc, JSValueConst *argv)
{
	(void)context;
	(void)self;
	(void)argc;
	(void)argv;
	return JS_UNDEFINED;
}

static void make_process(JSContext *context, JSValueConst global, const struct start *start)
{
	JSValue process = JS_NewObject(context);

	set(context, process, "argv", arguments_of(context, start));
	set(context, process, "pid", JS_NewInt64(context, getpid()));
#if defined(__aarch64__)
	set(context, process, "arch", JS_NewString(context, "arm64"));
#else
	set(context, process, "arch", JS_NewString(context, "x64"));
#endif
	/* the caller's is in its record: nothing in it steers the program unseen */
	set(context, process, "env", JS_NewObject(context));
	set(context, process, "callerRecord",
	    JS_NewArrayBufferCopy(context, start->caller.data, start->caller.size));
	set_function(context, process, "cwd", process_cwd);
	set_function(context, process, "umask", process_umask);
	set_id(context, process, "getuid", REAL_USER);
	set_id(context, process, "geteuid", EFFECTIVE_USER);
	set_id(context, process, "getegid", EFFECTIVE_GROUP);
	set_function(context, process, "exit", process_exit);
	set(context, process, "librunt", make_librunt(context));
	set(context, global, "process", process);
}

void make_world(JSContext *context, const struct start *start)
{
	static const JSCFunctionListEntry encoder[] = {
	    JS_CFUNC_DEF("encode", 1, encode),
	    JS_CFUNC_DEF("encodeInto", 2, encode_into),
	};
	static const JSCFunctionListEntry decoder[] = {JS_CFUNC_DEF("decode", 1, decode)};
	JSValue global = JS_GetGlobalObject(context);
	JSValue performance = JS_NewObject(context);

	set_function(context, performance, "now", performance_now);
	set(context, global, "performance", performance);
	set_class(context, global, "TextEncoder", new_encoder, encoder, 2);
	set_class(context, global, "TextDecoder", new_decoder, decoder, 1);
	make_process(context, global, start);
	JSValue error = JS_GetPropertyStr(context, global, "Error");

	set_function(context, error, "captureStackTrace", capture_stack);
	JS_FreeValue(context, error);
	JS_FreeValue(context, global);
}
