/* Network interfaces: the arguments of network.c. */
#include "addon.h"

static napi_value js_net_open(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int namespace = take_int(&call, 0);

	return call.wrong ? throw_wrong(env) : number(env, runt_net_open(namespace));
}

static napi_value js_net_find(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	struct net_interface found = {0};
	char name[64];
	int socket = take_int(&call, 0);

	take_string(&call, 1, name, sizeof(name));
	if (call.wrong)
		return throw_wrong(env);
	int result = runt_net_find(socket, name, &found);

	if (result < 0)
		return number(env, result);
	napi_value object;

	napi_create_object(env, &object);
	set_number(env, object, "index", found.index);
	set_number(env, object, "up", found.up);
	return object;
}

static napi_value js_net_list(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	size_t size = 0;
	int socket = take_int(&call, 0), which = take_int(&call, 1), index = take_int(&call, 2);
	void *buffer = take_array(&call, 3, napi_uint8_array, &size);

	if (call.wrong || which < NET_ADDRESSES || which > NET_ROUTES)
		return throw_wrong(env);
	return number(env, runt_net_list(socket, (enum net_list)which, index, buffer, size));
}

static napi_value js_net_add(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	size_t length = 0;
	int socket = take_int(&call, 0), which = take_int(&call, 1), index = take_int(&call, 2);
	const void *message = take_array(&call, 3, napi_uint8_array, &length);
	int whole = take_int(&call, 4);

	if (call.wrong || which < NET_ADDRESSES || which > NET_ROUTES)
		return throw_wrong(env);
	return number(env,
		      runt_net_add(socket, (enum net_list)which, index, message, length, whole));
}

static napi_value js_net_move(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	char name[64];
	int socket = take_int(&call, 0), index = take_int(&call, 1), pid = take_int(&call, 2);
	int there = 0;
	napi_value object;

	take_string(&call, 3, name, sizeof(name));
	if (call.wrong)
		return throw_wrong(env);
	int result = runt_net_move(socket, index, pid, name, &there);

	napi_create_object(env, &object);
	set_number(env, object, "result", result);
	set_number(env, object, "index", there);
	return object;
}

static napi_value js_net_up(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int socket = take_int(&call, 0), index = take_int(&call, 1);

	return call.wrong ? throw_wrong(env) : number(env, runt_net_up(socket, index));
}

const struct addon_function network_functions[] = {
    {"netOpen", js_net_open},
    {"netFind", js_net_find},
    {"netList", js_net_list},
    {"netAdd", js_net_add},
    {"netMove", js_net_move},
    {"netUp", js_net_up},
    {0},
};
