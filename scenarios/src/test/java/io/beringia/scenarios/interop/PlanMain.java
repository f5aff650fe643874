package io.beringia.scenarios.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;

/** Puts a signed plan into the ZooKeeper of a lab, as its leader would. Arguments: where ZooKeeper is, the file. */
final class PlanMain {
    static final String MESH = "lab";
    static final String WRITTEN = "the plan is written";
    private static final RetryNTimes PATIENCE = new RetryNTimes(50, 200);

    private PlanMain() {}

    public static void main(String[] args) throws Exception {
        try (CuratorFramework leader = CuratorFrameworkFactory.newClient(args[0], PATIENCE)) {
            leader.start();
            leader.create()
                    .orSetData()
                    .creatingParentsIfNeeded()
                    .forPath("/beringia/" + MESH + "/failover/plan", Files.readAllBytes(Path.of(args[1])));
        }
        System.out.println(WRITTEN);
    }
}
