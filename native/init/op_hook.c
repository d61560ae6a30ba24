/*
 * Hooks: a child of our own, the state on its standard input, its output kept, a limit on its time.
 * config.md, "POSIX-platform Hooks". The whole process group dies at the limit, not the hook alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "kernel.h"
#include "machine.h"
#include "report.h"

enum { ARG_STAGE, ARG_PATH, ARG_ARGV, ARG_ENV, ARG_TIMEOUT, ARG_BEFORE, ARG_AFTER };

struct hook {
	pid_t pid;
	int input, output, failure, process; /* ours: write, read, read, pidfd */
};

/* An empty HOME at the end of what a hook inherits is the user's home, as the program finds it. */
static char **environment_of(struct machine *m)
{
	static char root_is_home[] = "HOME=/";
	char **environment = arg_list(m, ARG_ENV);
	size_t count = arg_length(m, ARG_ENV);

	if (count > 0 && strcmp(environment[count - 1], "HOME=") == 0)
		environment[count - 1] = m->home[0] ? m->home : root_is_home;
	return environment;
}

static void run_child(struct machine *m, const int input[2], const int output[2], int failure)
{
	setpgid(0, 0);
	if (dup2(input[0], 0) >= 0 && dup2(output[1], 1) >= 0 && dup2(output[1], 2) >= 0)
		execve(arg_string(m, ARG_PATH), arg_list(m, ARG_ARGV), environment_of(m));
	int error = errno;
	ssize_t written = write(failure, &error, sizeof(error));

	_exit(written == (ssize_t)sizeof(error) ? 127 : 126);
}

static int start(struct machine *m, struct hook *hook)
{
	int input[2] = {-1, -1}, output[2] = {-1, -1}, failure[2] = {-1, -1};

	if (pipe2(input, O_CLOEXEC) < 0 || pipe2(output, O_CLOEXEC) < 0 ||
	    pipe2(failure, O_CLOEXEC) < 0)
		return -1;
	hook->process = -1;
	hook->pid = sys_fork(0, SIGCHLD, &hook->process);
	if (hook->pid < 0)
		return -1;
	if (hook->pid > 0 && hook->process < 0) /* clone of a kernel before 5.2 */
		hook->process = (int)syscall(NR_pidfd_open, hook->pid, 0);
	if (hook->pid == 0)
		run_child(m, input, output, failure[1]);
	close(input[0]);
	close(output[1]);
	close(failure[1]);
	hook->input = input[1];
	hook->output = output[0];
	hook->failure = failure[0];
	return 0;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The state in up to three pieces: what stands before the pid, the pid as the container sees it,
 * the rest. */
struct state_text {
	const char *pieces[3];
	size_t piece, offset;
	char pid[16];
};

static void feed(struct hook *hook, struct state_text *state)
{
	while (state->piece < 3) {
		const char *text = state->pieces[state->piece] + state->offset;
		size_t left = strlen(text);

		if (left == 0) {
			state->piece++;
			state->offset = 0;
			continue;
		}
		ssize_t written = write(hook->input, text, left);

		if (written < 0) {
			if (errno == EAGAIN)
				return;
			break; /* EPIPE: a hook need not read its state */
		}
		state->offset += (size_t)written;
	}
	close(hook->input);
	hook->input = -1;
}

/* Keeps the first DETAIL_MAX bytes and lets the rest go by, so that the hook never blocks on us.
 * One read a call: a hook that never stops writing must not keep us from the clock. */
static ssize_t collect(struct machine *m, struct hook *hook)
{
	char lost[4096];
	size_t room = sizeof(m->detail) - m->detail_length;
	ssize_t got = room ? read(hook->output, m->detail + m->detail_length, room)
			   : read(hook->output, lost, sizeof(lost));

	if (got > 0 && room)
		m->detail_length += (uint32_t)got;
	if (got == 0 || (got < 0 && errno != EAGAIN)) {
		close(hook->output);
		hook->output = -1;
	}
	return got;
}

/* 0 when the hook has ended, -1 with ETIMEDOUT when its time is over. */
static int attend(struct machine *m, struct hook *hook, struct state_text *state)
{
	uint32_t limit = arg_u32(m, ARG_TIMEOUT);
	int64_t end = now_ms() + limit;

	for (;;) {
		struct pollfd events[3] = {{hook->process, POLLIN, 0},
					   {hook->output, POLLIN, 0},
					   {hook->input, POLLOUT, 0}};
		int64_t left = end - now_ms();

		if (limit && left <= 0) {
			errno = ETIMEDOUT;
			return -1;
		}
		if (poll(events, 3, limit ? (int)left : -1) < 0 && errno != EINTR)
			return -1;
		if (events[2].revents)
			feed(hook, state);
		if (events[1].revents)
			collect(m, hook);
		if (events[0].revents)
			return 0;
	}
}

/* Waits for the hook's end. Its wait status, or -errno where it could not be run or took too long.
 */
static int finish(struct machine *m, struct hook *hook, int timed_out)
{
	int status = 0, error = 0;

	if (timed_out) {
		kill(-hook->pid, SIGKILL);
		kill(hook->pid, SIGKILL); /* which may not lead its group yet */
	}
	while (waitpid(hook->pid, &status, 0) < 0 && errno == EINTR)
		;
	while (hook->output >= 0 && m->detail_length < sizeof(m->detail) && collect(m, hook) > 0)
		;
	if (timed_out)
		return -ETIMEDOUT;
	if (read(hook->failure, &error, sizeof(error)) == (ssize_t)sizeof(error))
		return -error;
	return status;
}

static void close_all(const struct hook *hook)
{
	const int ends[] = {hook->input, hook->output, hook->failure, hook->process};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends[i] >= 0)
			close(ends[i]);
}

static const char *decimal(char *buffer, size_t size, unsigned int number)
{
	char *at = buffer + size - 1;

	*at = '\0';
	do
		*--at = (char)('0' + number % 10);
	while (number /= 10);
	return at;
}

int op_runHook(struct machine *m)
{
	struct hook hook = {-1, -1, -1, -1, -1};
	struct state_text state = {
	    {arg_string(m, ARG_BEFORE), "", arg_string(m, ARG_AFTER)}, 0, 0, ""};

	if (start(m, &hook) < 0)
		return -1;
	if (arg_length(m, ARG_AFTER)) {
		state.pieces[1] = decimal(state.pid, sizeof(state.pid), (unsigned int)getpid());
	}
	signal(SIGPIPE, SIG_IGN);
	fcntl(hook.input, F_SETFL, O_NONBLOCK);
	fcntl(hook.output, F_SETFL, O_NONBLOCK);
	int result = finish(m, &hook, attend(m, &hook, &state) < 0);

	signal(SIGPIPE, SIG_DFL);
	close_all(&hook);
	if (result == 0)
		return 0;
	report(m, MESSAGE_HOOK, result);
	_exit(125);
}
