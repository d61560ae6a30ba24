/*
 * Libraries of the system, called by name: libseccomp and libsystemd, which not every host has.
 *
 * A call takes whole numbers, and memory by typed arrays; that is how the C of both machines that
 * runt knows passes numbers and pointers, with a fixed or an open list of arguments.
 * src/kernel/system-library.ts declares the calls.
 */
#include "addon.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#define MAX_WORDS 6

typedef int64_t foreign(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t);

/* symbol(library, name): its address; -ENOENT without the library, -ENOSYS without the symbol. An
 * empty name is the program with its C library. */
static napi_value js_symbol(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	char library[256], name[256];

	take_string(&call, 0, library, sizeof(library));
	take_string(&call, 1, name, sizeof(name));
	if (call.wrong)
		return throw_wrong(env);
	void *handle = dlopen(*library ? library : NULL, RTLD_LAZY | RTLD_LOCAL);

	if (!handle)
		return number(env, -ENOENT);
	/* the library stays: each symbol is asked for once */
	void *symbol = dlsym(handle, name);

	return number(env, symbol ? (double)(uintptr_t)symbol : -ENOSYS);
}

/* A number, or where a typed array's memory begins. */
static int64_t take_word(struct call *call, size_t index)
{
	napi_typedarray_type type;
	size_t length;
	void *data = NULL;

	if (napi_get_typedarray_info(call->env, call->arguments[index], &type, &length, &data, NULL,
				     NULL) == napi_ok)
		return (int64_t)(uintptr_t)data;
	return take_number(call, index);
}

/* foreign(address, form, ...words): what it returns, by its form: 0 an int, 1 a pointer, 2 an int
 * of which -1 is answered as -errno. */
static napi_value js_foreign(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int64_t address = take_number(&call, 0), words[MAX_WORDS] = {0};
	int form = take_int(&call, 1);

	for (size_t i = 2; i < call.count && i < 2 + MAX_WORDS; i++)
		words[i - 2] = take_word(&call, i);
	if (call.wrong || call.count > 2 + MAX_WORDS || address <= 0)
		return throw_wrong(env);
	foreign *function = (foreign *)(uintptr_t)address;

	errno = 0;
	int64_t result = function(words[0], words[1], words[2], words[3], words[4], words[5]);

	if (form == 1)
		return number(env, (double)result);
	if (form == 2 && (int)result == -1)
		return number(env, -errno);
	return number(env, (int)result);
}

/* copyFrom(address, array): as many bytes as the array has. */
static napi_value js_copy_from(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	size_t length = 0;
	int64_t address = take_number(&call, 0);
	void *target = take_array(&call, 1, napi_uint8_array, &length);

	if (call.wrong || address <= 0)
		return throw_wrong(env);
	memcpy(target, (const void *)(uintptr_t)address, length);
	return number(env, 0);
}

/* textAt(address): the string that a NUL ends there. */
static napi_value js_text_at(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int64_t address = take_number(&call, 0);
	napi_value result = NULL;

	if (call.wrong || address <= 0)
		return throw_wrong(env);
	napi_create_string_utf8(env, (const char *)(uintptr_t)address, NAPI_AUTO_LENGTH, &result);
	return result;
}

const struct addon_function foreign_functions[] = {
    {"symbol", js_symbol},
    {"foreign", js_foreign},
    {"copyFrom", js_copy_from},
    {"textAt", js_text_at},
    {0},
};
