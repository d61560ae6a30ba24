/*
 * The foreground: wait for the container's process, forward signals to it, and carry its terminal.
 *
 * Signals come by handlers that write to a pipe, not by signalfd: the engine's other threads do not
 * block them.
 */
#include "librunt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <sys/syscall.h>
#include "../init/kernel.h"

static int signal_pipe[2] = {-1, -1};

static void note_signal(int number)
{
	int error = errno;
	unsigned char byte = (unsigned char)number;

	while (write(signal_pipe[1], &byte, 1) < 0 && errno == EINTR)
		;
	errno = error;
}

/* Those that mean a fault of the process itself, its children or its sockets are not for the
 * container. Nor are those that stop a job of the background which wants our terminal. */
static bool forwarded(int number)
{
	static const int own[] = {SIGKILL, SIGSTOP, SIGCHLD, SIGURG,  SIGPIPE, SIGSEGV, SIGBUS,
				  SIGFPE,  SIGILL,  SIGTRAP, SIGABRT, SIGXFSZ, SIGTTIN, SIGTTOU};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (own[i] == number)
			return false;
	return number < 32 || number >= SIGRTMIN;
}

int runt_capture_signals(void)
{
	if (signal_pipe[0] >= 0)
		return 0;
	if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	for (int number = 1; number <= SIGRTMAX; number++) {
		struct sigaction action = {.sa_handler = note_signal, .sa_flags = SA_RESTART};

		sigfillset(&action.sa_mask);
		if (forwarded(number))
			(void)sigaction(number, &action, NULL);
	}
	return 0;
}

struct flow {
	char bytes[32768];
	size_t start, end;
	int from, to; /* -1 when that side is finished */
};

struct session {
	pid_t pid;
	int pidfd, master, console; /* console: our own terminal, or -1 */
	struct flow in, out;
	struct termios saved;
	bool raw;
	struct notify notify; /* its socket is -1 when there is nothing to tell */
};

/* runc looks at them in this order. Where all streams lead elsewhere there may still be a terminal
 * that we belong to. */
static int find_console(void)
{
	static const int order[] = {2, 1, 0};
	static int own = -1;

	for (size_t i = 0; i < 3; i++)
		if (isatty(order[i]))
			return order[i];
	if (own < 0)
		own = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	return own;
}

static void make_raw(struct session *session)
{
	struct termios settings;

	if (session->console < 0)
		return;
	if (!session->raw && tcgetattr(session->console, &session->saved) < 0)
		return;
	settings = session->saved;
	cfmakeraw(&settings);
	/* the container's terminal leaves line feeds alone, so ours still has to make new lines of
	 * them */
	settings.c_oflag |= OPOST;
	session->raw = tcsetattr(session->console, TCSANOW, &settings) == 0 || session->raw;
}

static void restore_terminal(const struct session *session)
{
	if (session->raw)
		(void)tcsetattr(session->console, TCSANOW, &session->saved);
}

/* As runc has it: a line feed of the container reaches the reader as it is. Where a terminal goes
 * to a console socket its owner decides, and finds the kernel's settings. */
static void clear_onlcr(int master)
{
	struct termios settings;

	if (tcgetattr(master, &settings) < 0)
		return;
	settings.c_oflag &= ~(tcflag_t)ONLCR;
	(void)tcsetattr(master, TCSANOW, &settings);
}

void runt_fit_terminal(int master)
{
	struct winsize size;
	int console = find_console();

	clear_onlcr(master);
	if (console >= 0 && ioctl(console, TIOCGWINSZ, &size) == 0)
		(void)ioctl(master, TIOCSWINSZ, &size);
}

static void forward_signals(struct session *session)
{
	unsigned char numbers[64];
	ssize_t got = read(signal_pipe[0], numbers, sizeof(numbers));

	for (ssize_t i = 0; i < got; i++) {
		if (numbers[i] == SIGWINCH && session->master >= 0)
			runt_fit_terminal(session->master);
		else if (numbers[i] == SIGCONT && session->master >= 0) {
			/* back in the foreground, after a shell has had the terminal */
			make_raw(session);
			runt_fit_terminal(session->master);
		} else
			(void)syscall(NR_pidfd_send_signal, session->pidfd, (int)numbers[i], NULL,
				      0);
	}
}

/* Reads when there is room for it, writes what it has. A side that ends or fails is not asked
 * again. */
static void move_bytes(struct flow *flow, bool readable, bool writable)
{
	if (readable && flow->start == flow->end && flow->from >= 0) {
		ssize_t got = read(flow->from, flow->bytes, sizeof(flow->bytes));

		flow->start = 0;
		flow->end = got > 0 ? (size_t)got : 0;
		if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN))
			flow->from = -1;
	}
	if (writable && flow->start < flow->end && flow->to >= 0) {
		ssize_t sent = write(flow->to, flow->bytes + flow->start, flow->end - flow->start);

		if (sent > 0)
			flow->start += (size_t)sent;
		else if (sent < 0 && errno != EINTR && errno != EAGAIN) {
			flow->to = -1;
			flow->start = flow->end;
		}
	}
}

static bool pending(const struct flow *flow)
{
	return flow->start < flow->end;
}

static struct pollfd read_side(const struct flow *flow)
{
	return (struct pollfd){pending(flow) ? -1 : flow->from, POLLIN, 0};
}

static struct pollfd write_side(const struct flow *flow)
{
	return (struct pollfd){pending(flow) ? flow->to : -1, POLLOUT, 0};
}

/* What the container wrote last is still in the terminal when its process is gone. */
static void drain(struct session *session)
{
	if (session->master < 0)
		return;
	for (int turns = 0; turns < 4096 && session->out.to >= 0; turns++) {
		move_bytes(&session->out, true, true);
		if (!pending(&session->out) && session->out.end == 0)
			return;
	}
}

static int collect_status(pid_t pid)
{
	int status = runt_wait(pid);

	/* as a subreaper we may have inherited the container's orphans */
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return status;
}

static int serve(struct session *session)
{
	for (;;) {
		struct pollfd events[7] = {
		    {session->pidfd, POLLIN, 0},
		    {signal_pipe[0], POLLIN, 0},
		    read_side(&session->in),
		    write_side(&session->in),
		    read_side(&session->out),
		    write_side(&session->out),
		    {session->notify.socket, POLLIN, 0},
		};
		if (poll(events, 7, -1) < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		if (events[1].revents)
			forward_signals(session);
		move_bytes(&session->in, events[2].revents, events[3].revents);
		move_bytes(&session->out, events[4].revents, events[5].revents);
		/* once is enough, and a manager that is gone will not come back; we stay, so there
		 * is no barrier to wait for */
		if (events[6].revents && runt_notify_take(&session->notify, false) != 0)
			session->notify.socket = -1;
		if (events[0].revents)
			return 0;
	}
}

static int run_session(struct session *session)
{
	if (session->master >= 0) {
		session->console = find_console();
		session->in.from = 0;
		session->in.to = session->out.from = session->master;
		session->out.to = 1;
		(void)fcntl(session->master, F_SETFL, O_RDWR | O_NONBLOCK);
		make_raw(session);
	}
	int result = serve(session);

	drain(session);
	restore_terminal(session);
	return result < 0 ? result : collect_status(session->pid);
}

int runt_attach(pid_t pid, int pidfd, int master, const struct notify *notify)
{
	struct session *session = calloc(1, sizeof(*session));
	int result = runt_capture_signals();

	if (!session)
		return -ENOMEM;
	session->pid = pid;
	session->pidfd = pidfd;
	session->master = master;
	session->notify = notify ? *notify : (struct notify){-1, NULL, 0};
	session->console = session->in.from = session->in.to = session->out.from = session->out.to =
	    -1;
	if (result == 0)
		result = run_session(session);
	free(session);
	return result;
}
