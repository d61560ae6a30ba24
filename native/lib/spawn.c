/*
 * The one way a process of runt's is made: a sealed image, a sealed plan, a handshake socket and
 * nothing else.
 *
 * The child shares our memory until it execs (CLONE_VM | CLONE_VFORK): copying an engine's page
 * tables would cost more than all the rest. It runs on our stack while we sleep, so it may only
 * make system calls and write locals of its own; it never returns from here.
 */
#include "librunt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include "../init/kernel.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x10u
#endif
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8u
#endif
#define DECIMAL 12

extern const unsigned char init_image_start[], init_image_end[];

/* Kernels before 6.3 do not know the flag that says what the memfd is for. */
static int create_memfd(const char *name, unsigned int kind)
{
	int memfd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | kind);

	return memfd < 0 && errno == EINVAL ? memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING)
					    : memfd;
}

int runt_image_memfd(void)
{
	return create_memfd("runt-init", MFD_EXEC);
}

/* Takes the memfd over. */
static int sealed(int memfd, const unsigned char *bytes, size_t size)
{
	size_t done = 0;

	if (memfd < 0)
		return -errno;
	while (done < size) {
		ssize_t written = write(memfd, bytes + done, size - done);

		if (written <= 0)
			goto failed;
		done += (size_t)written;
	}
	if (fcntl(memfd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) ==
	    0)
		return memfd;
failed:;
	int error = errno;

	close(memfd);
	return -error;
}

/* What the child needs, made before it exists: it may not allocate. */
struct child {
	int image, plan, channel;
	const struct spawn_request *request;
	char (*numbers)[DECIMAL];
	char **argv;
	int error;
};

static int keep_open(int descriptor)
{
	return fcntl(descriptor, F_SETFD, 0);
}

/* Runs in the child, on borrowed memory. */
static void become_init(struct child *child)
{
	static char *no_environment[] = {NULL};
	const struct spawn_request *request = child->request;

	/* whatever another thread of the engine has just opened must not get in */
	if (close_from_at_exec(3, AT_FDCWD, "/proc/self/fd") < 0)
		goto failed;
	/* Node marks its standard streams close-on-exec; one that is closed stays so */
	for (int i = 0; i < 3; i++)
		if (keep_open(i) < 0 && errno != EBADF)
			goto failed;
	for (unsigned int i = 0; i < request->preserve; i++)
		if (keep_open(3 + (int)i) < 0)
			goto failed;
	for (size_t i = 0; i < request->slot_count; i++)
		if (keep_open(request->slots[i]) < 0)
			goto failed;
	if (keep_open(child->plan) < 0 || keep_open(child->channel) < 0)
		goto failed;
	execveat(child->image, "", child->argv, no_environment, AT_EMPTY_PATH);
failed:
	child->error = errno;
	_exit(127);
}

/* A system call in place, never through a function that the child would return from. */
static inline __attribute__((always_inline)) long call_here(long number, uint64_t first,
							    uint64_t second, uint64_t third)
{
#if defined(__x86_64__)
	long result;

	register long fourth __asm__("r10") = 0;
	register long fifth __asm__("r8") = 0;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(first), "S"(second), "d"(third), "r"(fourth), "r"(fifth)
			 : "rcx", "r11", "memory");
	return result;
#elif defined(__aarch64__)
	register long call __asm__("x8") = number;
	register uint64_t x0 __asm__("x0") = first;
	register uint64_t x1 __asm__("x1") = second;
	register uint64_t x2 __asm__("x2") = third;
	register uint64_t x3 __asm__("x3") = 0;
	register uint64_t x4 __asm__("x4") = 0;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(call), "r"(x1), "r"(x2), "r"(x3), "r"(x4)
			 : "memory", "cc");
	return (long)x0;
#else
#error "runt knows x86_64 and aarch64"
#endif
}

/* Kernels before 5.5 do not know CLONE_CLEAR_SIGHAND (EINVAL), those before 5.3 not the call. Both
 * can be done without: all signals are blocked until the exec, which clears the handlers. Nor is
 * there a stack to give, with CLONE_VFORK. Only a cgroup to be born in has no other way; plans ask
 * for it where the kernel can do it. */
static int can_do_without(long error, const struct spawn_request *request)
{
	return request->cgroup < 0 && (LACKING(-error) || error == -EINVAL);
}

static __attribute__((noinline)) long clone_init(struct child *child, int *pidfd)
{
	const struct spawn_request *request = child->request;
	struct clone_arguments arguments = {
	    .flags = K_CLONE_VM | K_CLONE_VFORK | K_CLONE_PIDFD | K_CLONE_CLEAR_SIGHAND |
		     request->namespaces,
	    .pidfd = (uint64_t)(uintptr_t)pidfd,
	    .exit_signal = SIGCHLD,
	};
	if (request->cgroup >= 0) {
		arguments.flags |= K_CLONE_INTO_CGROUP;
		arguments.cgroup = (uint64_t)request->cgroup;
	}
	long pid = call_here(NR_clone3, (uint64_t)(uintptr_t)&arguments, sizeof(arguments), 0);

	if (pid < 0 && can_do_without(pid, request))
		pid = call_here(SYS_clone, (arguments.flags & ~K_CLONE_CLEAR_SIGHAND) | SIGCHLD, 0,
				arguments.pidfd);
	if (pid == 0)
		become_init(child);
	return pid;
}

static void number_arguments(struct child *child)
{
	const struct spawn_request *request = child->request;
	size_t count = request->slot_count + 2;

	child->argv[0] = (char *)"runt-init";
	for (size_t i = 0; i < count; i++) {
		int descriptor = i == 0	  ? child->plan
				 : i == 1 ? child->channel
					  : request->slots[i - 2];

		(void)snprintf(child->numbers[i], DECIMAL, "%d", descriptor);
		child->argv[i + 1] = child->numbers[i];
	}
	child->argv[count + 1] = NULL;
}

static int clone_with_signals_blocked(struct child *child, struct spawned *spawned)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	spawned->pidfd = -1;
	long pid = clone_init(child, &spawned->pidfd);

	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (pid < 0)
		return (int)pid;
	spawned->pid = (pid_t)pid;
	if (spawned->pidfd < 0) /* clone of a kernel before 5.2 passes over CLONE_PIDFD */
		spawned->pidfd = (int)syscall(NR_pidfd_open, spawned->pid, 0);
	if (spawned->pidfd < 0 && !child->error)
		child->error = errno;
	if (child->error) {
		if (spawned->pidfd < 0)
			kill(spawned->pid, SIGKILL);
		if (spawned->pidfd >= 0)
			close(spawned->pidfd);
		runt_wait(spawned->pid);
		return -child->error;
	}
	return 0;
}

static int spawn_child(struct child *child, struct spawned *spawned)
{
	size_t count = child->request->slot_count + 2;

	child->numbers = calloc(count, DECIMAL);
	child->argv = calloc(count + 2, sizeof(char *));
	int result = -ENOMEM;

	if (child->numbers && child->argv) {
		number_arguments(child);
		result = clone_with_signals_blocked(child, spawned);
	}
	free(child->numbers);
	free(child->argv);
	return result;
}

static int spawn_with_plan(const struct spawn_request *request, int image, int plan,
			   struct spawned *spawned)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	struct child child = {.image = image, .plan = plan, .channel = ends[1], .request = request};
	int result = spawn_child(&child, spawned);

	close(ends[1]);
	if (result < 0)
		close(ends[0]);
	spawned->channel = ends[0];
	return result;
}

int runt_spawn(const struct spawn_request *request, struct spawned *spawned)
{
	size_t image_size = (size_t)(init_image_end - init_image_start);
	int image = sealed(runt_image_memfd(), init_image_start, image_size);

	if (image < 0)
		return image;
	int plan =
	    sealed(create_memfd("runt-plan", MFD_NOEXEC_SEAL), request->plan, request->plan_size);
	int result = plan < 0 ? plan : spawn_with_plan(request, image, plan, spawned);

	if (plan >= 0)
		close(plan);
	close(image);
	return result;
}
