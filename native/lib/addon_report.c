/* A report on the host, and its clock: native/lib/host.c, native/lib/timeline.c. */
#include "addon.h"

#include <limits.h>

/* An answer for each call, by its name; and of each whether it asks for rights first. */
static napi_value js_try_calls(napi_env env, napi_callback_info info)
{
	napi_value calls;

	(void)info;
	napi_create_array(env, &calls);
	for (uint32_t i = 0; i < HOST_CALLS; i++) {
		napi_value name, rights;

		napi_create_string_utf8(env, host_calls[i].name, NAPI_AUTO_LENGTH, &name);
		napi_get_boolean(env, host_calls[i].wants_rights, &rights);
		napi_set_element(env, calls, i * 3, name);
		napi_set_element(env, calls, i * 3 + 1, number(env, runt_try_call(&host_calls[i])));
		napi_set_element(env, calls, i * 3 + 2, rights);
	}
	return calls;
}

static napi_value js_try_user_namespace(napi_env env, napi_callback_info info)
{
	(void)info;
	return number(env, runt_try_user_namespace());
}

static napi_value js_try_device_program(napi_env env, napi_callback_info info)
{
	(void)info;
	return number(env, runt_try_device_program());
}

static napi_value js_try_image(napi_env env, napi_callback_info info)
{
	(void)info;
	return number(env, runt_try_image());
}

/* Into five numbers: type of the file system, flags of the mount, free bytes, files, free files. */
static napi_value js_space(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	struct space space;
	char path[PATH_MAX];
	size_t count = 0;
	double *told = take_array(&call, 1, napi_float64_array, &count);

	take_string(&call, 0, path, sizeof(path));
	if (call.wrong || count < 5)
		return throw_wrong(env);
	int result = runt_space(path, &space);

	if (result == 0) {
		told[0] = (double)space.type;
		told[1] = (double)space.flags;
		told[2] = space.free_bytes;
		told[3] = space.files;
		told[4] = space.free_files;
	}
	return number(env, result);
}

static napi_value js_has_attribute(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	char path[PATH_MAX], name[256];

	take_string(&call, 0, path, sizeof(path));
	take_string(&call, 1, name, sizeof(name));
	return call.wrong ? throw_wrong(env) : number(env, runt_has_attribute(path, name));
}

static napi_value js_is_terminal(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int descriptor = take_int(&call, 0);

	return call.wrong ? throw_wrong(env) : number(env, runt_is_terminal(descriptor));
}

static napi_value js_clock(napi_env env, napi_callback_info info)
{
	(void)info;
	return number(env, runt_clock());
}

static napi_value js_timeline(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int stamps = take_int(&call, 0);

	return call.wrong || stamps < 1 ? throw_wrong(env)
					: number(env, runt_timeline((uint32_t)stamps));
}

const struct addon_function report_functions[] = {
    {"tryCalls", js_try_calls},
    {"tryUserNamespace", js_try_user_namespace},
    {"tryDeviceProgram", js_try_device_program},
    {"tryImage", js_try_image},
    {"space", js_space},
    {"hasAttribute", js_has_attribute},
    {"isTerminal", js_is_terminal},
    {"clock", js_clock},
    {"timeline", js_timeline},
    {0},
};
