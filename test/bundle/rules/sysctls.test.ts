import { sysctls } from '../../../src/bundle/rules/sysctls.ts';
import { ruleTable, withNamespaces } from '../rule-table.ts';

const set = (name: string) => ({ linux: { sysctl: { [name]: '1' } } });

ruleTable(sysctls, {
  accepted: [
    {},
    withNamespaces(['ipc', 'network', 'uts', 'user'], {
      sysctl: {
        'kernel.msgmax': '1',
        'kernel/shm_rmid_forced': '1',
        'fs.mqueue.msg_max': '1',
        'net.ipv4.ip_forward': '1',
        'net/ipv4/conf/eno2.100/rp_filter': '1',
        'net.ipv4.conf.eno2/100.rp_filter': '1',
        'kernel.domainname': 'a',
        'user.max_user_namespaces': '0',
      },
    }),
  ],
  refused: [
    [set('kernel.sem'), 'sysctl-needs-ipc /linux/sysctl/kernel.sem'],
    [set('fs/mqueue/msg_max'), 'sysctl-needs-ipc /linux/sysctl/fs~1mqueue~1msg_max'],
    [set('net.core.somaxconn'), 'sysctl-needs-network /linux/sysctl/net.core.somaxconn'],
    [set('user.max_mnt_namespaces'), 'sysctl-needs-user /linux/sysctl/user.max_mnt_namespaces'],
    [set('kernel.domainname'), 'sysctl-needs-uts /linux/sysctl/kernel.domainname'],
    [
      withNamespaces(['uts'], { sysctl: { 'kernel.hostname': 'a' } }),
      'sysctl-hostname /linux/sysctl/kernel.hostname',
    ],
    [set('vm.swappiness'), 'sysctl-not-namespaced /linux/sysctl/vm.swappiness'],
    [set('kernel.msgmax2'), 'sysctl-not-namespaced /linux/sysctl/kernel.msgmax2'],
    [
      withNamespaces(['network'], {
        sysctl: { 'net/../vm/swappiness': '1', 'net.//.vm': '1', net: '1', 'net..a': '1' },
      }),
      'sysctl-name /linux/sysctl/net~1..~1vm~1swappiness',
      'sysctl-name /linux/sysctl/net.~1~1.vm',
      'sysctl-name /linux/sysctl/net',
      'sysctl-name /linux/sysctl/net..a',
    ],
  ],
});
