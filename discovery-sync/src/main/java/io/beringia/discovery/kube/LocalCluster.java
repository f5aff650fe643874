package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.trust.identity.TrustDomain;

/**
 * Which cluster the objects are of.
 *
 * @param domain the DNS domain of its services, such as {@code cluster.local}
 * @param rootNamespace policies in it are the whole cluster's
 */
public record LocalCluster(
        ClusterId id, Network network, TrustDomain trustDomain, String domain, String rootNamespace) {}
