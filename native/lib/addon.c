/* The Node-API face of librunt: all but files, which are in addon_files.c. */
#include "addon.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "../init/kernel.h"

static void set_number(napi_env env, napi_value object, const char *name, double value)
{
	napi_set_named_property(env, object, name, number(env, value));
}

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

/* The same waits for programs with an event loop: done on a worker thread, answered by a promise.
 */
struct waiting {
	napi_async_work work;
	napi_deferred deferred;
	bool receives;
	int subject, result;
	struct packet packet;
};

static void wait_there(napi_env env, void *data)
{
	struct waiting *waiting = data;

	(void)env;
	waiting->result = waiting->receives ? runt_receive(waiting->subject, &waiting->packet)
					    : runt_wait(waiting->subject);
}

static void wait_done(napi_env env, napi_status status, void *data)
{
	struct waiting *waiting = data;
	napi_value value = waiting->receives ? packet_value(env, waiting->result, &waiting->packet)
					     : number(env, waiting->result);

	(void)status;
	napi_resolve_deferred(env, waiting->deferred, value);
	napi_delete_async_work(env, waiting->work);
	free(waiting);
}

static napi_value wait_elsewhere(napi_env env, napi_callback_info info, bool receives)
{
	struct call call = open_call(env, info);
	napi_value promise = NULL, name;
	int subject = take_int(&call, 0);

	if (call.wrong)
		return throw_wrong(env);
	struct waiting *waiting = calloc(1, sizeof(*waiting));

	if (!waiting)
		return number(env, -ENOMEM);
	waiting->subject = subject;
	waiting->receives = receives;
	napi_create_promise(env, &waiting->deferred, &promise);
	napi_create_string_utf8(env, "librunt", NAPI_AUTO_LENGTH, &name);
	napi_create_async_work(env, NULL, name, wait_there, wait_done, waiting, &waiting->work);
	napi_queue_async_work(env, waiting->work);
	return promise;
}

static napi_value js_receive_later(napi_env env, napi_callback_info info)
{
	return wait_elsewhere(env, info, true);
}

static napi_value js_wait_later(napi_env env, napi_callback_info info)
{
	return wait_elsewhere(env, info, false);
}

static napi_value js_go(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int channel = take_int(&call, 0), gate = take_int(&call, 1);

	return call.wrong ? throw_wrong(env) : number(env, runt_go(channel, gate));
}

static napi_value in_folder(napi_env env, napi_callback_info info, int (*act)(int, const char *))
{
	struct call call = open_call(env, info);
	char name[64];
	int folder = take_int(&call, 0);

	take_string(&call, 1, name, sizeof(name));
	return call.wrong ? throw_wrong(env) : number(env, act(folder, name));
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

static napi_value js_wait(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int pid = take_int(&call, 0);

	return call.wrong ? throw_wrong(env) : number(env, runt_wait(pid));
}

static napi_value js_pidfd_open(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int pid = take_int(&call, 0);

	if (call.wrong)
		return throw_wrong(env);
	long result = syscall(NR_pidfd_open, pid, 0);

	return number(env, result < 0 ? -errno : (double)result);
}

static napi_value js_pidfd_take(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int pidfd = take_int(&call, 0), descriptor = take_int(&call, 1);

	if (call.wrong)
		return throw_wrong(env);
	long result = syscall(NR_pidfd_getfd, pidfd, descriptor, 0);

	return number(env, result < 0 ? -errno : (double)result);
}

/* FNV-1a in 64 bits, of which a JavaScript number holds 53: against damage, not against malice. */
static napi_value js_fingerprint(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	uint64_t hash = 0xcbf29ce484222325u;
	size_t size = 0;
	const unsigned char *bytes = take_array(&call, 0, napi_uint8_array, &size);

	if (call.wrong)
		return throw_wrong(env);
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3u;
	return number(env, (double)(hash >> 11));
}

static napi_value js_pidfd_signal(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int pidfd = take_int(&call, 0), signal = take_int(&call, 1);

	if (call.wrong)
		return throw_wrong(env);
	return number(env, syscall(NR_pidfd_send_signal, pidfd, signal, NULL, 0) < 0 ? -errno : 0);
}

static napi_value js_pidfd_wait(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	struct pollfd event = {.fd = take_int(&call, 0), .events = POLLIN};
	int milliseconds = take_int(&call, 1);

	if (call.wrong)
		return throw_wrong(env);
	int result = poll(&event, 1, milliseconds);

	return number(env, result < 0 && errno != EINTR ? -errno : result > 0);
}

static napi_value js_lock(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int descriptor = take_int(&call, 0);
	bool wait = take_int(&call, 1) != 0;

	if (call.wrong)
		return throw_wrong(env);
	return number(env, flock(descriptor, LOCK_EX | (wait ? 0 : LOCK_NB)) < 0 ? -errno : 0);
}

static napi_value js_limit(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int pid = take_int(&call, 0), resource = take_int(&call, 1);
	size_t count = 0;
	/* soft and hard, each as a low and a high half: RLIM_INFINITY is no JavaScript number */
	const uint32_t *halves = take_array(&call, 2, napi_uint32_array, &count);

	if (call.wrong || count != 4)
		return throw_wrong(env);
	return number(env,
		      runt_limit(pid, (unsigned int)resource, halves[0] | (uint64_t)halves[1] << 32,
				 halves[2] | (uint64_t)halves[3] << 32));
}

static napi_value js_device_program(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	size_t bytes = 0;
	int cgroup = take_int(&call, 0);
	const void *program = take_array(&call, 1, napi_uint8_array, &bytes);

	return call.wrong ? throw_wrong(env)
			  : number(env, runt_device_program(cgroup, program, bytes));
}

static napi_value js_probe(napi_env env, napi_callback_info info)
{
	(void)info;
	return number(env, runt_probe());
}

static napi_value js_subreaper(napi_env env, napi_callback_info info)
{
	(void)info;
	return number(env, prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL) < 0 ? -errno : 0);
}

static napi_value js_capture_signals(napi_env env, napi_callback_info info)
{
	(void)info;
	return number(env, runt_capture_signals());
}

static napi_value js_fit_terminal(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int master = take_int(&call, 0);

	if (call.wrong)
		return throw_wrong(env);
	runt_fit_terminal(master);
	return number(env, 0);
}

static napi_value js_attach(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int pid = take_int(&call, 0), pidfd = take_int(&call, 1), master = take_int(&call, 2);
	char manager[128];
	struct notify notify = {take_int(&call, 3), manager, getpid()};

	take_string(&call, 4, manager, sizeof(manager));
	if (call.wrong)
		return throw_wrong(env);
	return number(env, runt_attach(pid, pidfd, master, notify.socket < 0 ? NULL : &notify));
}

static napi_value js_notify_listen(napi_env env, napi_callback_info info)
{
	return in_folder(env, info, runt_notify_listen);
}

static napi_value js_notify_wait(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	char manager[128];
	struct notify notify = {take_int(&call, 0), manager, 0};
	int pidfd = take_int(&call, 2);

	take_string(&call, 1, manager, sizeof(manager));
	notify.main_pid = take_int(&call, 3);
	return call.wrong ? throw_wrong(env) : number(env, runt_notify_wait(&notify, pidfd));
}

/* With no filter to copy the kernel refuses by EFAULT, but a flag that it does not know by EINVAL.
 */
static napi_value js_seccomp_flags(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int flags = take_int(&call, 0);

	if (call.wrong)
		return throw_wrong(env);
	long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, NULL);

	return number(env, result < 0 && errno == EFAULT);
}

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

static void add_functions(napi_env env, napi_value exports, const struct addon_function *functions,
			  size_t count)
{
	for (size_t i = 0; i < count; i++) {
		napi_value function;

		napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].call,
				     NULL, &function);
		napi_set_named_property(env, exports, functions[i].name, function);
	}
}

static napi_value set_up(napi_env env, napi_value exports)
{
	static const struct addon_function functions[] = {
	    {"spawn", js_spawn},
	    {"receive", js_receive},
	    {"receiveLater", js_receive_later},
	    {"go", js_go},
	    {"listen", js_listen},
	    {"connect", js_connect},
	    {"handOver", js_hand_over},
	    {"wait", js_wait},
	    {"waitLater", js_wait_later},
	    {"pidfdOpen", js_pidfd_open},
	    {"pidfdSignal", js_pidfd_signal},
	    {"pidfdTake", js_pidfd_take},
	    {"fingerprint", js_fingerprint},
	    {"pidfdWait", js_pidfd_wait},
	    {"lock", js_lock},
	    {"limit", js_limit},
	    {"deviceProgram", js_device_program},
	    {"probe", js_probe},
	    {"subreaper", js_subreaper},
	    {"captureSignals", js_capture_signals},
	    {"fitTerminal", js_fit_terminal},
	    {"attach", js_attach},
	    {"notifyListen", js_notify_listen},
	    {"notifyWait", js_notify_wait},
	    {"seccompFlags", js_seccomp_flags},
	    {"netOpen", js_net_open},
	    {"netFind", js_net_find},
	    {"netList", js_net_list},
	    {"netAdd", js_net_add},
	    {"netMove", js_net_move},
	    {"netUp", js_net_up},
	};

	add_functions(env, exports, functions, sizeof(functions) / sizeof(functions[0]));
	add_functions(env, exports, file_functions, FILE_FUNCTIONS);
	add_functions(env, exports, host_functions, HOST_FUNCTIONS);
	return exports;
}

/* what NAPI_MODULE_INIT would write, with the prototype that our warnings ask for */
NAPI_MODULE_EXPORT napi_value napi_register_module_v1(napi_env env, napi_value exports);

napi_value napi_register_module_v1(napi_env env, napi_value exports)
{
	return set_up(env, exports);
}
