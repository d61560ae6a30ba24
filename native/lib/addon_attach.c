/* The wait in the foreground: signals, terminal, and the readiness of a service. */
#include "addon.h"

#include <unistd.h>

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

const struct addon_function attach_functions[] = {
    {"captureSignals", js_capture_signals}, {"fitTerminal", js_fit_terminal}, {"attach", js_attach},
    {"notifyListen", js_notify_listen},	    {"notifyWait", js_notify_wait},   {0},
};
