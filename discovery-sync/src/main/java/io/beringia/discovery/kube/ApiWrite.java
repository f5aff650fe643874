package io.beringia.discovery.kube;

import io.beringia.discovery.kube.KubeObject.ExportPolicyObject;
import io.beringia.discovery.kube.KubeObject.ImportSpec;
import io.beringia.discovery.kube.KubeObject.PeerClusterObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One thing to change at our own API. All but deletions are server-side apply: what others said of an object stays. */
public sealed interface ApiWrite {
    ObjectName name();

    /** Makes or changes a ServiceImport of ours; its status is another door. */
    record ApplyImport(ObjectName name, ImportSpec spec, Map<String, String> labels, Map<String, String> annotations)
            implements ApiWrite {
        public ApplyImport {
            labels = Map.copyOf(labels);
            annotations = Map.copyOf(annotations);
        }
    }

    record ApplyImportStatus(ObjectName name, List<String> clusters, List<Condition> conditions) implements ApiWrite {
        public ApplyImportStatus {
            clusters = List.copyOf(clusters);
            conditions = List.copyOf(conditions);
        }
    }

    record ApplyExportStatus(ObjectName name, List<Condition> conditions) implements ApiWrite {
        public ApplyExportStatus {
            conditions = List.copyOf(conditions);
        }
    }

    record ApplyPolicyStatus(ObjectName name, ExportPolicyObject.Matched matched, List<Condition> conditions)
            implements ApiWrite {
        public ApplyPolicyStatus {
            conditions = List.copyOf(conditions);
        }
    }

    /** @param ages empty where it was never heard */
    record ApplyPeerStatus(ObjectName name, Optional<PeerClusterObject.Ages> ages, List<Condition> conditions)
            implements ApiWrite {
        public ApplyPeerStatus {
            conditions = List.copyOf(conditions);
        }
    }

    record ApplySlice(ImportedSlice slice) implements ApiWrite {
        @Override
        public ObjectName name() {
            return slice.name();
        }
    }

    /** Exactly the one that was seen. */
    record DeleteImport(ObjectName name, Identity seen) implements ApiWrite {}

    /** Exactly the one that was seen. */
    record DeleteSlice(ObjectName name, Identity seen) implements ApiWrite {}
}
