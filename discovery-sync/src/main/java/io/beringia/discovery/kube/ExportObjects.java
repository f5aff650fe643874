package io.beringia.discovery.kube;

import io.beringia.discovery.kube.KubeObject.ExportPolicyObject;
import io.beringia.discovery.kube.KubeObject.PeerClusterObject;
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
}
