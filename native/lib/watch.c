/*
 * Waits for descriptors that a program's event loop cannot poll by itself, pidfds and sequenced
 * sockets: a thread polls them all, and writes the number of each that is ready on a stream, which
 * every event loop can read.
 */
#include "librunt.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* No number of a descriptor's: the reader has closed its end. */
#define READER_GONE UINT32_MAX

static void *watch_all(void *data)
{
	struct watch watch = *(struct watch *)data;
	struct epoll_event events[64];
	uint32_t ready[64];

	free(data);
	for (;;) {
		int count = epoll_wait(watch.poll, events, 64, -1);
		size_t size = 0;

		if (count < 0 && errno != EINTR)
			break;
		for (int i = 0; i < count; i++) {
			if (events[i].data.u32 == READER_GONE)
				goto end;
			ready[size++] = events[i].data.u32;
		}
		if (size > 0 && send(watch.stream, ready, size * sizeof(*ready), MSG_NOSIGNAL) < 0)
			break;
	}
end:
	close(watch.stream);
	close(watch.poll);
	return NULL;
}

/* The program's signals are for its own threads. */
static int start_thread(const struct watch *watch)
{
	struct watch *given = malloc(sizeof(*given));
	pthread_attr_t attributes;
	pthread_t thread;
	sigset_t all, before;

	if (!given)
		return -ENOMEM;
	*given = *watch;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, 65536);
	int error = pthread_create(&thread, &attributes, watch_all, given);

	pthread_attr_destroy(&attributes);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error)
		free(given);
	return -error;
}

static int open_watch(struct watch *watch, int *stream)
{
	struct epoll_event gone = {.events = EPOLLRDHUP, .data.u32 = READER_GONE};
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	*stream = ends[0];
	watch->stream = ends[1];
	watch->poll = epoll_create1(EPOLL_CLOEXEC);
	if (watch->poll < 0 || epoll_ctl(watch->poll, EPOLL_CTL_ADD, watch->stream, &gone) < 0)
		return -errno;
	return start_thread(watch);
}

static void close_open(int descriptor)
{
	if (descriptor >= 0)
		close(descriptor);
}

int runt_watch_open(struct watch *opened)
{
	struct watch threads = {-1, -1};
	int stream = -1, result = open_watch(&threads, &stream);

	if (result < 0) {
		close_open(stream);
		close_open(threads.stream);
		close_open(threads.poll);
		return result;
	}
	*opened = (struct watch){.poll = threads.poll, .stream = stream};
	return 0;
}

int runt_watch(int poll, int descriptor, uint32_t number)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.u32 = number};

	return epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) < 0 ? -errno : 0;
}

int runt_unwatch(int poll, int descriptor)
{
	return epoll_ctl(poll, EPOLL_CTL_DEL, descriptor, NULL) < 0 ? -errno : 0;
}
