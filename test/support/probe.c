/*
 * Small tools for the end-to-end cases, each a word on the command line. Static, so that a container can run it, too.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE 2
#endif
#ifndef F_GET_SEALS
#define F_GET_SEALS 1034
#endif

static void die(const char *what)
{
	perror(what);
	exit(99);
}

static volatile sig_atomic_t resize;

static void note_resize(int number)
{
	(void)number;
	resize = 1;
}

/*
 * pty ROWS COLUMNS PROGRAM…: runs it on a new controlling terminal; our input is its keyboard, our output its screen.
 * SIGUSR1 makes the terminal 43 by 132. At the end stderr tells whether its settings are as they were.
 */
static int run_on_pty(char **argv)
{
	struct winsize size = {(unsigned short)atoi(argv[0]), (unsigned short)atoi(argv[1]), 0, 0};
	struct winsize other = {43, 132, 0, 0};
	struct termios before, after;
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), status;
	char buffer[4096];

	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		die("openpt");
	int terminal = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (terminal < 0 || ioctl(terminal, TIOCSWINSZ, &size) < 0 || tcgetattr(terminal, &before) < 0)
		die("pts");
	pid_t child = fork();

	if (child == 0) {
		setsid();
		ioctl(terminal, TIOCSCTTY, 0);
		dup2(terminal, 0);
		dup2(terminal, 1);
		dup2(terminal, 2);
		execv(argv[2], argv + 2);
		_exit(127);
	}
	struct sigaction action = {.sa_handler = note_resize};

	sigaction(SIGUSR1, &action, NULL);
	struct pollfd events[2] = {{master, POLLIN, 0}, {0, POLLIN, 0}};
	pid_t ended = 0;

	for (;;) {
		int ready = poll(events, 2, 20);

		if (resize) {
			resize = 0;
			ioctl(master, TIOCSWINSZ, &other);
		}
		if (ready > 0 && events[0].revents & POLLIN) {
			ssize_t got = read(master, buffer, sizeof(buffer));

			if (got > 0 && write(1, buffer, (size_t)got) < 0)
				die("write");
			continue;
		}
		if (ready > 0 && events[1].revents) {
			ssize_t got = read(0, buffer, sizeof(buffer));

			if (got <= 0)
				events[1].fd = -1;
			else if (write(master, buffer, (size_t)got) < 0)
				die("write");
		}
		if (ended)
			break;
		ended = waitpid(child, &status, WNOHANG);
	}
	if (tcgetattr(terminal, &after) < 0)
		die("tcgetattr");
	int same = before.c_iflag == after.c_iflag && before.c_oflag == after.c_oflag &&
		   before.c_cflag == after.c_cflag && before.c_lflag == after.c_lflag &&
		   memcmp(before.c_cc, after.c_cc, sizeof(before.c_cc)) == 0;

	fprintf(stderr, "settings %s\n", same ? "restored" : "changed");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void print_fdinfo(int descriptor)
{
	char path[64], line[256];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", descriptor);
	FILE *info = fopen(path, "re");

	while (info && fgets(line, sizeof(line), info))
		if (strncmp(line, "Pid:", 4) == 0)
			printf("%s", line);
	if (info)
		fclose(info);
}

/* receive SOCKET: takes one connection and one descriptor; prints payload, what it is, and what a terminal shows. */
static int receive(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	char payload[4096], link[64], target[4096];
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec part = {payload, sizeof(payload) - 1};
	struct msghdr packet = {.msg_iov = &part,
				.msg_iovlen = 1,
				.msg_control = control.bytes,
				.msg_controllen = sizeof(control.bytes)};
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), descriptor = -1;

	if (strlen(path) >= sizeof(address.sun_path))
		return 99;
	strcpy(address.sun_path, path);
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(listener, 1) < 0)
		die("listen");
	int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	ssize_t got = recvmsg(connection, &packet, MSG_CMSG_CLOEXEC);
	struct cmsghdr *head = CMSG_FIRSTHDR(&packet);

	if (got < 0 || !head)
		die("recvmsg");
	payload[got] = '\0';
	memcpy(&descriptor, CMSG_DATA(head), sizeof(int));
	snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
	ssize_t length = readlink(link, target, sizeof(target) - 1);

	target[length > 0 ? length : 0] = '\0';
	printf("payload %s\ndescriptor %s\n", payload, target);
	print_fdinfo(descriptor);
	fflush(stdout);
	if (isatty(descriptor))
		while ((got = read(descriptor, payload, sizeof(payload))) > 0)
			if (write(1, payload, (size_t)got) < 0)
				die("write");
	return 0;
}

/* seals FILE: its seals in hex, and what opening it for writing says. */
static int seals(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);

	if (file < 0)
		die(path);
	printf("seals %x\n", fcntl(file, F_GET_SEALS));
	int writable = open(path, O_WRONLY | O_CLOEXEC);

	printf("write %s\n", writable >= 0 ? "opened" : strerror(errno));
	return 0;
}

/* swap A B: exchanges two names for ever. */
static _Noreturn void swap(const char *a, const char *b)
{
	for (;;)
		syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
}

/* descriptors: `number target` of every open one but those of the look itself; opens no folder. */
static int descriptors(void)
{
	char link[64], target[4096];

	for (int descriptor = 0; descriptor < 1024; descriptor++) {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
		ssize_t length = readlink(link, target, sizeof(target) - 1);

		if (length < 0)
			continue;
		target[length] = '\0';
		printf("%d %s\n", descriptor, target);
	}
	return 0;
}

/* open FILE: opens a device for reading and writing; 0, or the errno as text. */
static int try_open(const char *path)
{
	int file = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);

	printf("%s\n", file < 0 ? strerror(errno) : "opened");
	return 0;
}

int main(int argc, char **argv)
{
	if (argc >= 5 && strcmp(argv[1], "pty") == 0)
		return run_on_pty(argv + 2);
	if (argc == 3 && strcmp(argv[1], "receive") == 0)
		return receive(argv[2]);
	if (argc == 3 && strcmp(argv[1], "seals") == 0)
		return seals(argv[2]);
	if (argc == 4 && strcmp(argv[1], "swap") == 0)
		swap(argv[2], argv[3]);
	if (argc == 2 && strcmp(argv[1], "descriptors") == 0)
		return descriptors();
	if (argc == 3 && strcmp(argv[1], "open") == 0)
		return try_open(argv[2]);
	return 98;
}
