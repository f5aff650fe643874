package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.merge.ExportedSlice;
import io.beringia.discovery.merge.McsExport;
import io.beringia.discovery.merge.McsExport.IpFamily;
import io.beringia.discovery.merge.StalePolicy;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is kept of a Kubernetes object: some hundred bytes instead of the tens of thousands of a full model. Immutable.
 */
public sealed interface KubeObject {
    ObjectName name();

    record NamespaceObject(ObjectName name, Map<String, String> labels, Map<String, String> annotations)
            implements KubeObject {
        public NamespaceObject {
            labels = Map.copyOf(labels);
            annotations = Map.copyOf(annotations);
        }
    }

    record NodeObject(ObjectName name, Locality locality) implements KubeObject {}

    /**
     * @param addresses empty while it has none
     * @param ready condition Ready is True and it is not being deleted
     * @param terminal phase Failed or Succeeded: it never serves again
     * @param ports TCP container ports that have a name
     * @param owner the name of what made it: itself, a Deployment, a CronJob
     */
    record PodObject(
            ObjectName name,
            Map<String, String> labels,
            Map<String, String> annotations,
            String serviceAccount,
            String node,
            boolean hostNetwork,
            List<IpAddress> addresses,
            boolean ready,
            boolean terminal,
            Map<String, Integer> ports,
            String owner)
            implements KubeObject {
        public PodObject {
            labels = Map.copyOf(labels);
            annotations = Map.copyOf(annotations);
            addresses = List.copyOf(addresses);
            ports = Map.copyOf(ports);
        }
    }

    /**
     * @param selector empty: the endpoints are written by hand
     * @param clusterIps empty for a headless one
     * @param ports its TCP ports
     * @param trafficDistribution of the spec; empty if unset
     * @param shape what an export of it would say
     */
    record ServiceObject(
            ObjectName name,
            Map<String, String> labels,
            Map<String, String> annotations,
            Type type,
            Map<String, String> selector,
            List<IpAddress> clusterIps,
            List<ServiceObject.Port> ports,
            boolean internalTrafficLocal,
            String trafficDistribution,
            boolean publishNotReady,
            Instant created,
            McsExport shape)
            implements KubeObject {
        public ServiceObject {
            labels = Map.copyOf(labels);
            annotations = Map.copyOf(annotations);
            selector = Map.copyOf(selector);
            clusterIps = List.copyOf(clusterIps);
            ports = List.copyOf(ports);
        }

        public enum Type {
            CLUSTER,
            EXTERNAL_NAME
        }

        public record Port(String name, int port, Target target) {}

        /** Where a service port ends in a pod. */
        public sealed interface Target {
            record Numbered(int port) implements Target {}

            /** A container port of that name; each pod says its own number. */
            record Named(String name) implements Target {}
        }
    }

    /**
     * @param service label {@code kubernetes.io/service-name}; empty if it belongs to none
     * @param managedBy label {@code endpointslice.kubernetes.io/managed-by}; empty if nobody says so
     * @param ports TCP ports by name; the empty name is the only port
     * @param content what other clusters are told of it
     * @param imported what it is if we wrote it
     */
    record SliceObject(
            ObjectName name,
            String service,
            String managedBy,
            List<SliceObject.Endpoint> endpoints,
            Map<String, Integer> ports,
            ExportedSlice content,
            Optional<ImportedSlice> imported)
            implements KubeObject {
        public SliceObject {
            endpoints = List.copyOf(endpoints);
            ports = Map.copyOf(ports);
        }

        /**
         * @param ready unset counts as ready
         * @param pod the pod that it is, in the slice's own namespace
         */
        public record Endpoint(
                List<IpAddress> addresses, boolean ready, String node, String zone, Optional<String> pod) {
            public Endpoint {
                addresses = List.copyOf(addresses);
            }
        }
    }

    /**
     * A ServiceExport.
     *
     * @param exportTo its annotation; {@code *} if it has none
     */
    record ServiceExportObject(
            ObjectName name,
            Identity identity,
            Instant created,
            String exportTo,
            Map<String, String> labels,
            Map<String, String> annotations,
            List<Condition> conditions)
            implements KubeObject {
        public ServiceExportObject {
            labels = Map.copyOf(labels);
            annotations = Map.copyOf(annotations);
            conditions = List.copyOf(conditions);
        }
    }

    /**
     * A ServiceImport.
     *
     * @param labels all of them
     * @param annotations all of them
     * @param clusters that export it, sorted
     */
    record ServiceImportObject(
            ObjectName name,
            Identity identity,
            Map<String, String> labels,
            Map<String, String> annotations,
            ImportSpec spec,
            List<String> clusters,
            List<Condition> conditions)
            implements KubeObject {
        /** Nobody else's: only what carries it is ever changed or deleted. */
        public static final String MANAGER_LABEL = "multicluster.beringia.io/managed-by";

        public ServiceImportObject {
            labels = Map.copyOf(labels);
            annotations = Map.copyOf(annotations);
            clusters = List.copyOf(clusters);
            conditions = List.copyOf(conditions);
        }

        public boolean isOurs() {
            return labels.getOrDefault(MANAGER_LABEL, "").equals(ImportedSlice.MANAGER);
        }
    }

    /**
     * An AuthorizationPolicy of Istio.
     *
     * @param selector empty: all workloads of its namespace, or of the mesh in the root namespace
     */
    record AuthorizationPolicyObject(ObjectName name, Map<String, String> selector, PolicyReading reading)
            implements KubeObject {
        public AuthorizationPolicyObject {
            selector = Map.copyOf(selector);
        }
    }

    /**
     * A PeerAuthentication of Istio.
     *
     * @param selector empty: all workloads of its namespace, or of the mesh in the root namespace
     * @param ports target ports that have another mode
     */
    record PeerAuthenticationObject(
            ObjectName name, Instant created, Map<String, String> selector, Mode mode, Map<Integer, Mode> ports)
            implements KubeObject {
        public PeerAuthenticationObject {
            selector = Map.copyOf(selector);
            ports = Map.copyOf(ports);
        }

        /** Whether plain text is let in. */
        public enum Mode {
            /** As the next wider one says. */
            INHERITED,
            OPEN,
            STRICT
        }
    }

    /**
     * A Gateway of the Gateway API.
     *
     * @param binding its annotation for waypoints; empty if it has none
     * @param hostnames and {@code addresses} of its status: none while it is not ready
     */
    record GatewayObject(
            ObjectName name,
            Map<String, String> labels,
            String binding,
            String className,
            List<String> hostnames,
            List<IpAddress> addresses,
            List<Listener> listeners)
            implements KubeObject {
        public GatewayObject {
            labels = Map.copyOf(labels);
            hostnames = List.copyOf(hostnames);
            addresses = List.copyOf(addresses);
            listeners = List.copyOf(listeners);
        }

        public record Listener(String protocol, int port, Admits admits) {}

        /** From which namespaces it may be used. */
        public sealed interface Admits {
            /** Its own. */
            record Same() implements Admits {}

            record All() implements Admits {}

            record Labelled(Map<String, String> labels) implements Admits {
                public Labelled {
                    labels = Map.copyOf(labels);
                }
            }

            record Nobody() implements Admits {}
        }
    }

    /** A GatewayClass of the Gateway API, as far as gateways that say nothing themselves follow it. */
    record GatewayClassObject(ObjectName name, Map<String, String> labels, String binding) implements KubeObject {
        public GatewayClassObject {
            labels = Map.copyOf(labels);
        }
    }

    /**
     * A WorkloadEntry of Istio: something that serves and is no pod, such as a virtual machine.
     *
     * @param health by the condition {@code Healthy}, which whoever looks after it keeps
     */
    record WorkloadEntryObject(
            ObjectName name,
            Map<String, String> labels,
            Map<String, String> annotations,
            ServiceEntryObject.Endpoint endpoint,
            Health health)
            implements KubeObject {
        public WorkloadEntryObject {
            labels = Map.copyOf(labels);
            annotations = Map.copyOf(annotations);
        }
    }

    /**
     * A ServiceEntry of Istio: a service that Kubernetes knows nothing of.
     *
     * @param allocated addresses that Istio gave to its hosts
     * @param ports its TCP ports
     * @param selector of pods and WorkloadEntries; empty: its endpoints are those that it lists
     * @param isPrivate only its own namespace may see it
     */
    record ServiceEntryObject(
            ObjectName name,
            Map<String, String> labels,
            Map<String, String> annotations,
            Instant created,
            List<String> hosts,
            List<IpAddress> addresses,
            Map<String, List<String>> allocated,
            List<ServiceEntryObject.Port> ports,
            Resolution resolution,
            Map<String, String> selector,
            List<ServiceEntryObject.Endpoint> endpoints,
            List<String> subjectAltNames,
            boolean isPrivate)
            implements KubeObject {
        public ServiceEntryObject {
            labels = Map.copyOf(labels);
            annotations = Map.copyOf(annotations);
            hosts = List.copyOf(hosts);
            addresses = List.copyOf(addresses);
            allocated = Map.copyOf(allocated);
            ports = List.copyOf(ports);
            selector = Map.copyOf(selector);
            endpoints = List.copyOf(endpoints);
            subjectAltNames = List.copyOf(subjectAltNames);
        }

        public record Port(String name, int number, int target) {}

        /** How its endpoints are found. */
        public enum Resolution {
            /** They are where the client wanted to go. */
            NONE,
            STATIC,
            DNS
        }

        /**
         * One endpoint.
         *
         * @param address an IP address, or a name that DNS resolves
         * @param ports by name of the service's ports
         * @param network empty: that of its cluster
         * @param weight 1 or more
         * @param account empty if it has no identity
         */
        public record Endpoint(
                String address,
                Map<String, Integer> ports,
                Map<String, String> labels,
                String network,
                Locality locality,
                long weight,
                String account) {
            public Endpoint {
                ports = Map.copyOf(ports);
                labels = Map.copyOf(labels);
            }

            static Endpoint at(String address) {
                return new Endpoint(address, Map.of(), Map.of(), "", Locality.UNKNOWN, 1, "");
            }
        }
    }

    /**
     * An ExportPolicy.
     *
     * @param spec of one with problems: everything that it might have meant, for nobody
     * @param problems each with what was expected; none if it is obeyed
     * @param matched what its status says
     */
    record ExportPolicyObject(
            ObjectName name,
            Identity identity,
            Instant created,
            ExportPolicySpec spec,
            List<String> problems,
            ExportPolicyObject.Matched matched,
            List<Condition> conditions)
            implements KubeObject {
        public ExportPolicyObject {
            problems = List.copyOf(problems);
            conditions = List.copyOf(conditions);
        }

        ExportPolicyObject createdAt(Instant when) {
            return new ExportPolicyObject(name, identity, when, spec, problems, matched, conditions);
        }

        /** @param services the first of them */
        public record Matched(int count, List<String> services) {
            public Matched {
                services = List.copyOf(services);
            }
        }
    }

    /**
     * A PeerCluster: labels for a peer of the configuration, whose name it has.
     *
     * @param stale what our own clients are told of it while it shows no sign of life; empty where configuration decides
     * @param problems each with what was expected; none if it is obeyed
     * @param ages as its status shows them
     */
    record PeerClusterObject(
            ObjectName name,
            Identity identity,
            Map<String, String> labels,
            Optional<StalePolicy> stale,
            List<String> problems,
            Optional<Ages> ages,
            List<Condition> conditions)
            implements KubeObject {
        public PeerClusterObject {
            labels = Map.copyOf(labels);
            problems = List.copyOf(problems);
            conditions = List.copyOf(conditions);
        }

        /**
         * How old what is held of a peer is, in whole seconds of wall clock.
         *
         * @param heard when it last said anything
         * @param listed when it last told all names of what it exports; empty if never since we started
         * @param services held of it
         */
        public record Ages(Instant heard, Optional<Instant> listed, int services) {
            public Ages {
                heard = heard.truncatedTo(ChronoUnit.SECONDS);
                listed = listed.map(at -> at.truncatedTo(ChronoUnit.SECONDS));
            }
        }
    }

    /** @param ips one per family, in the order of the families; none for a headless one */
    record ImportSpec(
            McsExport.Type type,
            List<McsExport.Port> ports,
            List<IpAddress> ips,
            List<IpFamily> families,
            McsExport.Affinity affinity,
            String internalTrafficPolicy,
            String trafficDistribution) {
        public ImportSpec {
            ports = List.copyOf(ports);
            ips = List.copyOf(ips);
            families = List.copyOf(families);
        }
    }
}
