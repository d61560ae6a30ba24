/* Starting runt-init, and what is said with it afterwards. */
#include "addon.h"

static napi_value js_spawn(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	struct spawn_request request = {0};
	struct spawned spawned = {0};

	request.plan = take_array(&call, 0, napi_uint8_array, &request.plan_size);
	request.namespaces = (uint64_t)take_number(&call, 1);
	request.cgroup = take_int(&call, 2);
	request.slots = take_array(&call, 3, napi_int32_array, &request.slot_count);
	request.preserve = (unsigned int)take_int(&call, 4);
	if (call.wrong)
		return throw_wrong(env);
	int result = runt_spawn(&request, &spawned);

	if (result < 0)
		return number(env, result);
	napi_value object;

	napi_create_object(env, &object);
	set_number(env, object, "pid", spawned.pid);
	set_number(env, object, "pidfd", spawned.pidfd);
	set_number(env, object, "channel", spawned.channel);
	return object;
}

/* null at the end, a negative number on failure, else { kind, step, op, value, descriptor, detail
 * }. */
static napi_value packet_value(napi_env env, int result, const struct packet *packet)
{
	napi_value object, detail;

	if (result < 0)
		return number(env, result);
	if (result == 0) {
		napi_get_null(env, &object);
		return object;
	}
	napi_create_object(env, &object);
	set_number(env, object, "kind", packet->message.kind);
	set_number(env, object, "step", packet->message.step);
	set_number(env, object, "op", packet->message.op);
	set_number(env, object, "value", packet->message.value);
	set_number(env, object, "descriptor", packet->descriptor);
	napi_create_string_utf8(env, packet->detail, packet->detail_length, &detail);
	napi_set_named_property(env, object, "detail", detail);
	return object;
}

static napi_value js_receive(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	struct packet packet;
	int channel = take_int(&call, 0);

	if (call.wrong)
		return throw_wrong(env);
	int result = runt_receive(channel, &packet);

	return packet_value(env, result, &packet);
}

static napi_value js_go(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int channel = take_int(&call, 0), gate = take_int(&call, 1);

	return call.wrong ? throw_wrong(env) : number(env, runt_go(channel, gate));
}

static napi_value js_listen(napi_env env, napi_callback_info info)
{
	return in_folder(env, info, runt_listen);
}

static napi_value js_connect(napi_env env, napi_callback_info info)
{
	return in_folder(env, info, runt_connect);
}

static napi_value js_hand_over(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	char path[4096];
	size_t size = 0;

	take_string(&call, 0, path, sizeof(path));
	const void *payload = take_array(&call, 1, napi_uint8_array, &size);
	int descriptor = take_int(&call, 2);

	return call.wrong ? throw_wrong(env)
			  : number(env, runt_hand_over(path, payload, size, descriptor));
}

const struct addon_function conversation_functions[] = {
    {"spawn", js_spawn},     {"receive", js_receive},	 {"go", js_go}, {"listen", js_listen},
    {"connect", js_connect}, {"handOver", js_hand_over}, {0},
};
