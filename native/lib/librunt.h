/*
 * librunt: what the runtime asks of Linux and JavaScript cannot do. Plain C here; addon.c is the
 * only file that knows Node-API. Every function answers with a value that is not negative, or with
 * -errno.
 */
#ifndef LIBRUNT_H
#define LIBRUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "../init/wire.h"

struct spawn_request {
	const unsigned char *plan;
	size_t plan_size;
	uint64_t namespaces; /* CLONE_NEW… */
	int cgroup;	     /* descriptor of a cgroup2 folder to be born in, or -1 */
	const int *slots;    /* descriptors for slots 0, 1, … */
	size_t slot_count;
	unsigned int preserve; /* 3 to 3+preserve-1 stay open in the child */
};

struct spawned {
	pid_t pid;
	int pidfd;
	int channel; /* our end of the handshake */
};

/* Starts runt-init from a sealed memfd; returns when it has been exec'ed. */
int runt_spawn(const struct spawn_request *request, struct spawned *spawned);

/* What the kernel can do, as bits. */
enum kernel_can {
	KERNEL_MOUNT_API = 1,	    /* open_tree, move_mount, fsopen, fsconfig, fsmount: 5.2 */
	KERNEL_MOUNT_SETATTR = 2,   /* mount_setattr: 5.12 */
	KERNEL_BIRTH_IN_CGROUP = 4, /* clone3 with CLONE_INTO_CGROUP: 5.7 */
	KERNEL_JOIN_BY_PIDFD = 8,   /* setns with a pidfd: 5.8 */
};
unsigned int runt_probe(void);

/* Memory for runt-init to be started from, still empty; -1 and errno. */
int runt_image_memfd(void);

/* A report on the host: what it lets its caller do. */
struct host_call {
	const char *name;
	long number;
	bool wants_rights; /* looks at the caller's before its arguments: EPERM may mean these */
	long arguments[5];
};
#define HOST_CALLS 12
extern const struct host_call host_calls[HOST_CALLS];

struct space {
	unsigned long type, flags;
	double free_bytes, files, free_files;
};

int runt_try_call(const struct host_call *call);
int runt_try_user_namespace(void);
int runt_try_device_program(void);
int runt_try_image(void);
int runt_space(const char *path, struct space *space);
int runt_has_attribute(const char *path, const char *name);
int runt_is_terminal(int descriptor);

/* CLOCK_MONOTONIC in nanoseconds. */
double runt_clock(void);
/* A descriptor of memory for so many of its values. */
int runt_timeline(uint32_t stamps);

struct packet {
	struct message message;
	char detail[DETAIL_MAX];
	size_t detail_length;
	int descriptor; /* that rode along, or -1 */
};

/* 1 a packet, 0 the other end is gone. */
int runt_receive(int channel, struct packet *packet);
int runt_go(int channel, int32_t gate);

/* SOCK_SEQPACKET in a folder: `folder` is a descriptor, so that no path is too long for sun_path.
 */
int runt_listen(int folder, const char *name);
int runt_connect(int folder, const char *name);
/* Connects to an AF_UNIX stream socket and hands over one descriptor with a payload: the descriptor
 * rides with the first bytes of it. */
int runt_hand_over(const char *path, const void *payload, size_t size, int descriptor);

/* One message with a descriptor. */
ssize_t runt_send_descriptor(int connection, const void *payload, size_t size, int descriptor);

/* A container's own socket for sd_notify(3), and whom its readiness is told. */
struct notify {
	int socket;
	const char *manager; /* path of the service manager's socket */
	pid_t main_pid;	     /* who the service is from then on */
};

/* SOCK_DGRAM in a folder, for everybody to write to. */
int runt_notify_listen(int folder, const char *name);
/* Takes a message that is there; 1 when it was the readiness, and the manager has been told. */
int runt_notify_take(const struct notify *notify, bool barrier);
/* Waits until the readiness has been told: 1; or until the process has ended: 0. */
int runt_notify_wait(const struct notify *notify, int pidfd);

/* A program of the host by its name in PATH, with no input: what it wrote to stdout and stderr,
 * which are the caller's to free, and its wait status. */
struct output {
	char *text;
	size_t size;
};
int runt_command(char *const *words, struct output outputs[2], int *status);

int runt_wait(pid_t pid);
/* In clock ticks after boot; fails when it has ended, even when it waits to be reaped, unless that
 * is asked for. */
int64_t runt_start_time(pid_t pid, bool even_ended);

/* A thread that waits for descriptors: what to add them to, and where it tells of them. */
struct watch {
	int poll, stream;
};
/* The thread ends when the stream is closed. */
int runt_watch_open(struct watch *opened);
/* Tells once, by the number, when there is something to read. */
int runt_watch(int poll, int descriptor, uint32_t number);
int runt_unwatch(int poll, int descriptor);

/* Sets a limit of another process. */
int runt_limit(pid_t pid, unsigned int resource, uint64_t soft, uint64_t hard);
/* A descriptor of a device program. */
int runt_load_device_program(const void *instructions, size_t bytes);
/* Loads a device program and makes it the only one of this cgroup2 folder. */
int runt_device_program(int cgroup, const void *instructions, size_t bytes);

/* Gives a container's terminal the size of our own: before its program runs, and when ours changes.
 */
void runt_fit_terminal(int master);

struct net_interface {
	int index;
	bool up;
};

/* A door to the network interfaces of a namespace (a descriptor of it; -1: ours). */
int runt_net_open(int namespace);
int runt_net_find(int socket, const char *name, struct net_interface *found);
/* What the kernel tells of an interface, as messages one after the other; how many bytes. */
enum net_list { NET_ADDRESSES, NET_ROUTES };
int runt_net_list(int socket, enum net_list which, int index, unsigned char *buffer, size_t size);
/* Says one of these of another interface; `whole` with its label and what is left of its lifetime.
 */
int runt_net_add(int socket, enum net_list which, int index, const unsigned char *message,
		 size_t length, int whole);
/* To the namespace of a process, under a name; `there` is its number then, 0 where it has not gone.
 */
int runt_net_move(int socket, int index, pid_t pid, const char *name, int *there);
int runt_net_up(int socket, int index);

/* From here on signals are kept, to be forwarded by runt_attach. */
int runt_capture_signals(void);
/* Waits for the end of `pid`, forwards signals, carries the terminal when there is one, and tells
 * its readiness where `notify` is not null. Returns the wait status. */
int runt_attach(pid_t pid, int pidfd, int master, const struct notify *notify);

#endif
