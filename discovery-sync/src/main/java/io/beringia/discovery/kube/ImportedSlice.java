package io.beringia.discovery.kube;

import io.beringia.discovery.merge.ExportedSlice;
import java.util.Map;

/**
 * An EndpointSlice of another cluster's endpoints, written by us.
 *
 * @param labels all of them
 * @param importUid of the ServiceImport that owns it
 */
public record ImportedSlice(
        ObjectName name, Identity identity, Map<String, String> labels, String importUid, ExportedSlice content) {
    /** Whom it serves. */
    public static final String SERVICE_LABEL = "multicluster.kubernetes.io/service-name";

    /** From where its endpoints are. */
    public static final String CLUSTER_LABEL = "multicluster.kubernetes.io/source-cluster";

    static final String MANAGER_LABEL = "endpointslice.kubernetes.io/managed-by";

    /** Nobody else's: only what carries it is ever deleted. */
    public static final String MANAGER = "discovery-sync.beringia.io";

    public ImportedSlice {
        labels = Map.copyOf(labels);
    }

    /** A slice to be written. */
    public static ImportedSlice of(
            ObjectName name, String service, String cluster, String importUid, ExportedSlice content) {
        return new ImportedSlice(
                name,
                Identity.NONE,
                Map.of(SERVICE_LABEL, service, CLUSTER_LABEL, cluster, MANAGER_LABEL, MANAGER),
                importUid,
                content);
    }

    /** Empty if the label is not there. */
    public String cluster() {
        return labels.getOrDefault(CLUSTER_LABEL, "");
    }

    /** Empty if the label is not there. */
    public String service() {
        return labels.getOrDefault(SERVICE_LABEL, "");
    }

    /** Whether the other one has all that this one wants. */
    public boolean isMetBy(ImportedSlice seen) {
        return content.equals(seen.content)
                && importUid.equals(seen.importUid)
                && seen.labels.entrySet().containsAll(labels.entrySet());
    }
}
