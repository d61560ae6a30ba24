/* Other processes: waiting, their start times, limits, and the device program of a cgroup. */
#include "librunt.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int runt_wait(pid_t pid)
{
	int status;
	pid_t got;

	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	return got < 0 ? -errno : status;
}

/* proc_pid_stat(5), from the state on, which is field 3 */
#define START_TIME (22 - 3)

int64_t runt_start_time(pid_t pid, bool even_ended)
{
	/* the name has at most 64 characters, each field before the start time 20 */
	char path[32], stat[1024];

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	int file = open(path, O_RDONLY | O_CLOEXEC);

	if (file < 0)
		return -errno;
	ssize_t size = read(file, stat, sizeof(stat) - 1);
	int error = errno;

	close(file);
	if (size < 0)
		return -error;
	stat[size] = '\0';
	/* the name, in parentheses, may hold anything, parentheses too */
	char *field = strrchr(stat, ')');

	if (!field || field[1] != ' ')
		return -EINVAL;
	field += 2;
	if ((*field == 'Z' || *field == 'X') && !even_ended)
		return -ESRCH;
	for (int i = 0; field && i < START_TIME; i++) {
		field = strchr(field, ' ');
		if (field)
			field++;
	}
	return field ? (int64_t)strtoull(field, NULL, 10) : -EINVAL;
}

int runt_limit(pid_t pid, unsigned int resource, uint64_t soft, uint64_t hard)
{
	const uint64_t limit[2] = {soft, hard};

	return syscall(SYS_prlimit64, pid, resource, limit, NULL) < 0 ? -errno : 0;
}

static int bpf(enum bpf_cmd command, union bpf_attr *attributes)
{
	long result = syscall(SYS_bpf, command, attributes, sizeof(*attributes));

	return result < 0 ? -errno : (int)result;
}

int runt_load_device_program(const void *instructions, size_t bytes)
{
	union bpf_attr load;

	memset(&load, 0, sizeof(load));
	load.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
	load.insns = (uint64_t)(uintptr_t)instructions;
	load.insn_cnt = (uint32_t)(bytes / sizeof(struct bpf_insn));
	load.license = (uint64_t)(uintptr_t) "Apache-2.0";
	return bpf(BPF_PROG_LOAD, &load);
}

#define OLD_MAX 64u

static int attached_programs(int cgroup, uint32_t ids[OLD_MAX])
{
	union bpf_attr query;

	memset(&query, 0, sizeof(query));
	query.query.target_fd = (uint32_t)cgroup;
	query.query.attach_type = BPF_CGROUP_DEVICE;
	query.query.prog_ids = (uint64_t)(uintptr_t)ids;
	query.query.prog_cnt = OLD_MAX;
	int result = bpf(BPF_PROG_QUERY, &query);

	return result < 0 ? result : (int)query.query.prog_cnt;
}

static int program_by_id(uint32_t id)
{
	union bpf_attr get;

	memset(&get, 0, sizeof(get));
	get.prog_id = id;
	return bpf(BPF_PROG_GET_FD_BY_ID, &get);
}

/* With exactly one old program the kernel exchanges them in one step; there is no moment without a
 * filter. */
static int attach_program(int cgroup, int program, int replaced)
{
	union bpf_attr attach;

	memset(&attach, 0, sizeof(attach));
	attach.target_fd = (uint32_t)cgroup;
	attach.attach_bpf_fd = (uint32_t)program;
	attach.attach_type = BPF_CGROUP_DEVICE;
	attach.attach_flags = BPF_F_ALLOW_MULTI;
	if (replaced >= 0) {
		attach.attach_flags |= BPF_F_REPLACE;
		attach.replace_bpf_fd = (uint32_t)replaced;
	}
	return bpf(BPF_PROG_ATTACH, &attach);
}

static int detach_program(int cgroup, uint32_t id)
{
	union bpf_attr detach;
	int program = program_by_id(id);

	if (program < 0)
		return program;
	memset(&detach, 0, sizeof(detach));
	detach.target_fd = (uint32_t)cgroup;
	detach.attach_bpf_fd = (uint32_t)program;
	detach.attach_type = BPF_CGROUP_DEVICE;
	int result = bpf(BPF_PROG_DETACH, &detach);

	close(program);
	return result;
}

static int replace_programs(int cgroup, int program)
{
	uint32_t ids[OLD_MAX];
	int count = attached_programs(cgroup, ids);

	if (count < 0)
		return count;
	int old = count == 1 ? program_by_id(ids[0]) : -1;
	int result = attach_program(cgroup, program, old);

	if (old >= 0)
		close(old);
	for (int i = 0; result >= 0 && count > 1 && i < count; i++)
		result = detach_program(cgroup, ids[i]);
	return result;
}

int runt_device_program(int cgroup, const void *instructions, size_t bytes)
{
	int program = runt_load_device_program(instructions, bytes);

	if (program < 0)
		return program;
	int result = replace_programs(cgroup, program);

	close(program);
	return result < 0 ? result : 0;
}
