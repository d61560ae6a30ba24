/* Processes: waited for, signalled by pidfd, limited. */
#include "addon.h"

#include <errno.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "../init/kernel.h"

static napi_value js_wait(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int pid = take_int(&call, 0);

	return call.wrong ? throw_wrong(env) : number(env, runt_wait(pid));
}

static napi_value js_start_time(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int pid = take_int(&call, 0), even_ended = take_int(&call, 1);

	if (call.wrong)
		return throw_wrong(env);
	return number(env, (double)runt_start_time(pid, even_ended != 0));
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

static napi_value js_watch_open(napi_env env, napi_callback_info info)
{
	struct watch watch = {-1, -1};
	int result = runt_watch_open(&watch);
	napi_value object;

	(void)info;
	if (result < 0)
		return number(env, result);
	napi_create_object(env, &object);
	set_number(env, object, "poll", watch.poll);
	set_number(env, object, "stream", watch.stream);
	return object;
}

static napi_value js_watch(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int poll = take_int(&call, 0), descriptor = take_int(&call, 1),
	    number_of_it = take_int(&call, 2);

	if (call.wrong || number_of_it < 0)
		return throw_wrong(env);
	return number(env, runt_watch(poll, descriptor, (uint32_t)number_of_it));
}

static napi_value js_unwatch(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int poll = take_int(&call, 0), descriptor = take_int(&call, 1);

	return call.wrong ? throw_wrong(env) : number(env, runt_unwatch(poll, descriptor));
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

static napi_value js_subreaper(napi_env env, napi_callback_info info)
{
	(void)info;
	return number(env, prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL) < 0 ? -errno : 0);
}

const struct addon_function process_functions[] = {
    {"wait", js_wait},
    {"startTime", js_start_time},
    {"pidfdOpen", js_pidfd_open},
    {"pidfdTake", js_pidfd_take},
    {"pidfdSignal", js_pidfd_signal},
    {"pidfdWait", js_pidfd_wait},
    {"watchOpen", js_watch_open},
    {"watch", js_watch},
    {"unwatch", js_unwatch},
    {"limit", js_limit},
    {"subreaper", js_subreaper},
    {0},
};
