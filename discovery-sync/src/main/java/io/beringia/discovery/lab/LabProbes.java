package io.beringia.discovery.lab;

import io.beringia.discovery.wire.ProbeQuestion;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Stands in for the kubelets of the lab: asks each pod that has an address whether it is ready, and writes pod status
 * when that changes. A pod without a probe is ready as soon as it has an address. Its thread {@code lab/probes} owns the
 * set of probed pods; each has a virtual thread {@code probe/<namespace>/<pod>} that owns its count.
 */
public final class LabProbes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LabProbes.class);

    /** Each pod costs a thread and a connection attempt per period; a lab has some dozens. */
    private static final int PODS_MAX = 512;

    /** Looks again even if no bell rings, in case one was missed. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    /** The shortest period: more often would measure the lab. */
    private static final Duration PERIOD_MIN = Duration.ofMillis(20);

    private final LabStore store;
    private final InstantSource clock;
    private final HttpClient http = ProbeQuestion.client();
    private final Thread thread;

    private LabProbes(LabStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("lab/probes").unstarted(this::run);
    }

    /** Probes the pods of that lab until closed. */
    public static LabProbes start(LabApiServer lab, InstantSource clock) {
        LabProbes probes = new LabProbes(lab.store(), clock);
        probes.thread.start();
        return probes;
    }

    /** Any thread. The last status stays as it is. */
    @Override
    public void close() {
        thread.interrupt();
        http.shutdownNow();
    }

    /** What a pod's probing rests on; another one of these is another thread. */
    private record Subject(ObjectKey pod, String uid, String ip, List<ReadinessProbe> probes) {
        String threadName() {
            return "probe/" + pod.namespace() + "/" + pod.name();
        }
    }

    private void run() {
        Map<Subject, Thread> running = new HashMap<>();
        try (LabStore.Bell bell = store.bell()) {
            while (true) {
                follow(running, subjects(store.latest()));
                var _ = bell.await(LOOK_EVERY);
            }
        } catch (InterruptedException stop) {
            running.values().forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
        }
    }

    private void follow(Map<Subject, Thread> running, Map<ObjectKey, Subject> wanted) {
        running.entrySet().removeIf(entry -> {
            boolean gone = !wanted.containsValue(entry.getKey());
            if (gone) {
                entry.getValue().interrupt();
            }
            return gone;
        });
        wanted.values()
                .forEach(subject -> running.computeIfAbsent(
                        subject,
                        one -> Thread.ofVirtual().name(one.threadName()).start(() -> probe(one))));
    }

    private static Map<ObjectKey, Subject> subjects(LabState state) {
        return state.objects().values().stream()
                .filter(object -> object.key().kind() == LabKind.POD)
                .flatMap(pod -> subject(pod).stream())
                .limit(PODS_MAX)
                .collect(Collectors.toMap(Subject::pod, subject -> subject, (one, other) -> one, TreeMap::new));
    }

    private static Optional<Subject> subject(LabObject pod) {
        return PodStatus.ip(pod)
                .filter(ip -> !pod.metadata().has("deletionTimestamp"))
                .map(ip -> new Subject(
                        pod.key(), pod.metadata().path("uid").asString(""), ip, ReadinessProbe.of(pod, ip)));
    }

    private void probe(Subject subject) {
        try {
            if (subject.probes().isEmpty()) {
                write(subject, true);
                return;
            }
            Map<ReadinessProbe, ProbeRules> counts = new HashMap<>();
            write(subject, false);
            while (true) {
                boolean before = areReady(subject, counts);
                for (ReadinessProbe probe : subject.probes()) {
                    ProbeRules count = counts.getOrDefault(probe, ProbeRules.UNREADY);
                    counts.put(
                            probe,
                            count.after(
                                    probe.question().isAnswered(http, probe.timeout()),
                                    probe.successThreshold(),
                                    probe.failureThreshold()));
                }
                boolean now = areReady(subject, counts);
                if (now != before) {
                    write(subject, now);
                }
                Thread.sleep(period(subject));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean areReady(Subject subject, Map<ReadinessProbe, ProbeRules> counts) {
        return subject.probes().stream()
                .allMatch(
                        probe -> counts.getOrDefault(probe, ProbeRules.UNREADY).ready());
    }

    private static Duration period(Subject subject) {
        Duration shortest = subject.probes().stream()
                .map(ReadinessProbe::every)
                .min(Comparator.naturalOrder())
                .orElse(LOOK_EVERY);
        return shortest.compareTo(PERIOD_MIN) < 0 ? PERIOD_MIN : shortest;
    }

    private void write(Subject subject, boolean ready) throws InterruptedException {
        Optional<LabObject> pod = store.latest().object(subject.pod());
        if (pod.isEmpty()) {
            return;
        }
        JsonNode patch = PodStatus.patch(pod.get(), ready, clock.instant());
        LabAnswer answer =
                store.write(new LabWrite.Change(subject.pod(), LabWrite.Part.STATUS, PatchRules.STRATEGIC, patch));
        if (answer instanceof LabAnswer.Stored) {
            LOG.atInfo()
                    .addKeyValue(
                            "pod",
                            subject.pod().namespace() + "/" + subject.pod().name())
                    .addKeyValue("ready", ready)
                    .log("lab pod readiness");
        }
    }
}
