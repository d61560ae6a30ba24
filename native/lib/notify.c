/*
 * Readiness of a service, sd_notify(3): what a container says on a socket of its own is told to the
 * service manager, which listens to nobody but us.
 *
 * Of all that a container may say only READY= goes on: anything else could make the manager act on
 * us.
 */
#include "librunt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* As long as systemd's own library waits for the manager to take note. */
#define BARRIER_MS 30000

static int closing(int descriptor, int error)
{
	close(descriptor);
	return -error;
}

int runt_notify_listen(int folder, const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int length = snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/%s",
			      folder, name);

	if (length < 0 || (size_t)length >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	int listener = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (listener < 0)
		return -errno;
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0)
		return closing(listener, errno);
	/* whoever the container's process is may tell */
	if (chmod(address.sun_path, 0777) < 0)
		return closing(listener, errno);
	return listener;
}

/* A name that begins with @ is an abstract one. */
static int connect_manager(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(path);

	if (length >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, length);
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	int manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (manager < 0)
		return -errno;
	if (connect(manager, (struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) < 0)
		return closing(manager, errno);
	return manager;
}

/* The line READY=… of one message; its length, or 0. */
static size_t find_ready(char *text, char **line)
{
	char *rest = NULL;

	for (char *at = strtok_r(text, "\n", &rest); at; at = strtok_r(NULL, "\n", &rest))
		if (strncmp(at, "READY=", 6) == 0) {
			*line = at;
			return strlen(at);
		}
	return 0;
}

static int say(int manager, const char *text)
{
	return send(manager, text, strlen(text), MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* sd_notify_barrier(3): the manager closes what we send when it has taken note of all before. A
 * manager that does not know of it lets us wait, but not for ever. */
static int wait_for_barrier(int manager)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	ssize_t sent = runt_send_descriptor(manager, "BARRIER=1", strlen("BARRIER=1"), ends[1]);
	int error = errno;
	struct pollfd event = {ends[0], POLLIN, 0};

	close(ends[1]);
	if (sent >= 0)
		(void)poll(&event, 1, BARRIER_MS);
	close(ends[0]);
	return sent < 0 ? -error : 0;
}

static int tell_manager(const char *path, const char *ready, pid_t main_pid, bool barrier)
{
	char pid[32];
	int manager = connect_manager(path);

	if (manager < 0)
		return manager;
	(void)snprintf(pid, sizeof(pid), "MAINPID=%d\n", (int)main_pid);
	int result = say(manager, ready);

	if (result == 0)
		result = say(manager, pid);
	if (result == 0 && barrier)
		result = wait_for_barrier(manager);
	close(manager);
	return result;
}

int runt_notify_take(const struct notify *notify, bool barrier)
{
	char text[4096], ready[4096];
	char *line = NULL;
	ssize_t got = recv(notify->socket, text, sizeof(text) - 1, MSG_DONTWAIT);

	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : -errno;
	text[got] = '\0';
	size_t length = find_ready(text, &line);

	if (length == 0 || length + 2 > sizeof(ready))
		return 0;
	(void)snprintf(ready, sizeof(ready), "%s\n", line);
	int result = tell_manager(notify->manager, ready, notify->main_pid, barrier);

	return result < 0 ? result : 1;
}

int runt_notify_wait(const struct notify *notify, int pidfd)
{
	for (;;) {
		struct pollfd events[2] = {{notify->socket, POLLIN, 0}, {pidfd, POLLIN, 0}};

		if (poll(events, 2, -1) < 0 && errno != EINTR)
			return -errno;
		if (events[0].revents) {
			int result = runt_notify_take(notify, true);

			if (result != 0)
				return result;
		} else if (events[1].revents) {
			return 0; /* it has ended, and said nothing */
		}
	}
}
