package io.beringia.discovery.kube;

import io.beringia.discovery.kube.KubeObject.ExportPolicyObject;
import io.beringia.discovery.kube.KubeObject.PeerClusterObject;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a cluster's API says of who may have its services. */
public record ExportObjects(
        SortedMap<ObjectName, ExportPolicyObject> policies, SortedMap<ObjectName, PeerClusterObject> peers) {
    public static final ExportObjects NONE = new ExportObjects(new TreeMap<>(), new TreeMap<>());

    public ExportObjects {
        policies = Collections.unmodifiableSortedMap(new TreeMap<>(policies));
        peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
    }

    /** As it would be once these are applied, too: one that is changed keeps its age, a new one is younger than all. */
    public ExportObjects with(ExportObjects applied) {
        SortedMap<ObjectName, ExportPolicyObject> allPolicies = new TreeMap<>(policies);
        applied.policies().forEach((name, policy) -> {
            ExportPolicyObject before = policies.get(name);
            allPolicies.put(name, policy.createdAt(before == null ? Instant.MAX : before.created()));
        });
        SortedMap<ObjectName, PeerClusterObject> allPeers = new TreeMap<>(peers);
        allPeers.putAll(applied.peers());
        return new ExportObjects(allPolicies, allPeers);
    }
}
