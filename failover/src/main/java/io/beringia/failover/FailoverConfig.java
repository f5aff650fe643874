package io.beringia.failover;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.failover.console.ConsoleConfig;
import io.beringia.failover.decision.FailoverPolicy;
import io.beringia.failover.decision.FailoverTiming;
import io.beringia.failover.health.Sites;
import io.beringia.failover.zookeeper.ZooKeeperConfig;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.ledger.RoleLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What one candidate for leadership is told at its start. Inert.
 *
 * @param site where it runs
 * @param cluster after which its ledger is named
 * @param sites all failure domains of the mesh, this one among them
 * @param timing divides every hold, ramp, penalty and rate window; 1 but in labs
 * @param slo a service whose first bytes come sooner, all but one of twenty, is never slow
 * @param policySkew whether clients may be sent where something else is enforced
 * @param operators who may command
 * @param leaders every candidate of the mesh; who else signed a plan is not obeyed
 * @param ledger where it records what it decides; empty records nothing
 * @param console where people may look; empty shows nothing
 */
public record FailoverConfig(
        String mesh,
        RegionId site,
        ClusterId cluster,
        List<Site> sites,
        Servers zookeeper,
        Mode mode,
        Failback failback,
        int timing,
        Duration slo,
        PolicySkew policySkew,
        Set<SpiffeId> operators,
        Set<SpiffeId> leaders,
        SocketAddress operatorApi,
        Optional<RoleLedger> ledger,
        Optional<ConsoleConfig> console) {
    public static final int DEFAULT_API_PORT = 15_036;

    public static final Duration DEFAULT_SLO = FailoverPolicy.SLO;

    /** Nothing is measured that takes much longer. */
    private static final Duration SLO_MAX = Duration.ofSeconds(16);

    /** A region, and two outside of it that agree. */
    private static final int SITES_MIN = 3;

    public FailoverConfig {
        sites = List.copyOf(sites);
        operators = Set.copyOf(operators);
        leaders = Set.copyOf(leaders);
        List<String> problems = problems(mesh, site, sites, zookeeper, mode, leaders);
        if (!slo.isPositive() || slo.compareTo(SLO_MAX) > 0) {
            problems.add("slo: " + slo + " (expected: above 0, at most " + SLO_MAX + ")");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
    }

    /** Whether decisions are applied. */
    public enum Mode {
        AUTO,
        /** Decides on a plan of its own that nobody reads. */
        DRY_RUN;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static Mode parse(String text) {
            return switch (text) {
                case "auto" -> AUTO;
                case "dry-run" -> DRY_RUN;
                default -> throw new IllegalArgumentException("\"" + text + "\" (expected: auto or dry-run)");
            };
        }
    }

    /** Whether a region that is well again comes back by itself. */
    public enum Failback {
        AUTO,
        MANUAL;

        public static Failback parse(String text) {
            return switch (text) {
                case "auto" -> AUTO;
                case "manual" -> MANUAL;
                default -> throw new IllegalArgumentException("\"" + text + "\" (expected: auto or manual)");
            };
        }
    }

    /** What becomes of a move to where another policy is enforced before a service. */
    public enum PolicySkew {
        WARN,
        BLOCK;

        public static PolicySkew parse(String text) {
            return switch (text) {
                case "warn" -> WARN;
                case "block" -> BLOCK;
                default -> throw new IllegalArgumentException("\"" + text + "\" (expected: warn or block)");
            };
        }
    }

    /**
     * A failure domain.
     *
     * @param isWitness it carries no traffic, and only watches
     * @param discovery replicas of its discovery, any of which speaks for it
     */
    public record Site(RegionId name, boolean isWitness, List<Replica> discovery) {
        public Site {
            discovery = List.copyOf(discovery);
            if (discovery.isEmpty()) {
                throw new IllegalArgumentException(
                        "site " + name + ": no discovery (expected: at least one replica to follow)");
            }
        }
    }

    /** Where one replica of a discovery answers, and as whom. */
    public record Replica(SocketAddress address, SpiffeId id) {}

    /**
     * The ensemble.
     *
     * @param connect as ZooKeeper's clients take it: {@code host:port,host:port}
     * @param sites where each of them stands, in the same order; may be empty on one computer
     * @param session asked for; ZooKeeper grants 2 to 20 of its ticks
     */
    public record Servers(String connect, List<RegionId> sites, Duration session) {
        /** One computer has no losses to wait for. */
        public static final Duration LAB_SESSION = Duration.ofSeconds(2);

        public static final Duration SESSION = Duration.ofSeconds(4);

        private static final Duration SESSION_MIN = Duration.ofSeconds(1);
        private static final Duration SESSION_MAX = Duration.ofSeconds(40);

        public Servers {
            sites = List.copyOf(sites);
            if (!connect.matches("[^\\s,/]+:\\d{1,5}(,[^\\s,/]+:\\d{1,5})*")) {
                throw new IllegalArgumentException(
                        "zookeeper.connect: \"" + connect + "\" (expected: host:port,host:port)");
            }
            if (session.compareTo(SESSION_MIN) < 0 || session.compareTo(SESSION_MAX) > 0) {
                throw new IllegalArgumentException(
                        "zookeeper.session: " + session + " (expected: " + SESSION_MIN + " to " + SESSION_MAX + ")");
            }
        }

        /** With the session that fits where they stand. */
        public static Servers of(String connect, List<RegionId> sites) {
            return new Servers(connect, sites, isLocal(connect) ? LAB_SESSION : SESSION);
        }

        /** Whether all of them are on this computer, so that no quorum outlives it. */
        public boolean isSingleMachine() {
            return isLocal(connect);
        }

        private static boolean isLocal(String connect) {
            return Stream.of(connect.split(",", -1)).allMatch(Servers::isLoopback);
        }

        private static boolean isLoopback(String server) {
            try {
                return ZooKeeperConfig.isLoopback(SocketAddress.parse(server));
            } catch (IllegalArgumentException aName) {
                return false;
            }
        }

        /** A site with half of the servers takes the rest along when it dies. */
        private boolean outlivesAnySite() {
            TreeMap<RegionId, Integer> count = new TreeMap<>();
            sites.forEach(site -> count.merge(site, 1, Integer::sum));
            return sites.size() == connect.split(",", -1).length
                    && count.values().stream().allMatch(here -> here * 2 < sites.size());
        }
    }

    /** What somebody should know who relies on it. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (zookeeper.isSingleMachine()) {
            notes.add("single machine: no ensemble quorum");
        }
        if (sites.size() < SITES_MIN) {
            notes.add("fewer than two sites outside of each region: nothing is evacuated by itself");
        }
        if (mode == Mode.DRY_RUN) {
            notes.add("dry run: decides and applies nothing");
        }
        if (timing > 1) {
            notes.add("timing divided by " + timing + ": for labs only");
        }
        if (ledger.isEmpty()) {
            notes.add("no ledger: nobody can prove later what was decided");
        }
        return notes;
    }

    FailoverPolicy policy() {
        FailoverPolicy standard = FailoverPolicy.of(new Sites(names(false), names(true)), new FailoverTiming(timing));
        return new FailoverPolicy(
                standard.sites(),
                standard.timing(),
                switch (failback) {
                    case AUTO -> FailoverPolicy.Failback.AUTO;
                    case MANUAL -> FailoverPolicy.Failback.MANUAL;
                },
                standard.tiers(),
                standard.switchedOff(),
                standard.evacuationsMax(),
                slo,
                switch (policySkew) {
                    case WARN -> FailoverPolicy.Skew.WARN;
                    case BLOCK -> FailoverPolicy.Skew.BLOCK;
                });
    }

    /** Whether this candidate stands outside of all traffic. */
    boolean isWitness() {
        return names(true).contains(site);
    }

    private List<RegionId> names(boolean areWitnesses) {
        return sites.stream()
                .filter(one -> one.isWitness() == areWitnesses)
                .map(Site::name)
                .toList();
    }

    private static List<String> problems(
            String mesh, RegionId site, List<Site> sites, Servers zookeeper, Mode mode, Set<SpiffeId> leaders) {
        List<String> problems = new ArrayList<>();
        if (!mesh.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
            problems.add("mesh: \"" + mesh + "\" (expected: an RFC 1123 label)");
        }
        if (sites.stream().noneMatch(one -> one.name().equals(site))) {
            problems.add("sites: without " + site + " (expected: the site of this process among them)");
        }
        if (sites.stream().map(Site::name).distinct().count() < sites.size()) {
            problems.add("sites: one twice (expected: each once)");
        }
        if (leaders.isEmpty()) {
            problems.add("leaders: none (expected: the identity of every candidate)");
        }
        if (mode == Mode.AUTO && zookeeper.isSingleMachine() && !isLab(sites)) {
            problems.add("mode: auto on a single machine's ZooKeeper (expected: every site on loopback, or an ensemble"
                    + " over three sites)");
        }
        if (mode == Mode.AUTO && !zookeeper.isSingleMachine() && !zookeeper.outlivesAnySite()) {
            problems.add("mode: auto with servers " + zookeeper.connect() + " in " + zookeeper.sites()
                    + " (expected: zookeeper.sites names the site of each, and none holds half of them)");
        }
        return problems;
    }

    private static boolean isLab(List<Site> sites) {
        return sites.stream()
                .flatMap(one -> one.discovery().stream())
                .allMatch(replica -> ZooKeeperConfig.isLoopback(replica.address()));
    }
}
