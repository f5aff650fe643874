package io.beringia.scenarios.attack;

import io.beringia.scenarios.attack.Attack.Inquiry;
import io.beringia.scenarios.bench.Lab;
import io.beringia.scenarios.bench.LabConfigs;
import io.beringia.scenarios.connect.ClientIdentity;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Peers that are not who they say, or are it no more. */
final class IdentityInquiries {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Files are looked at every 5 s, and what follows takes a second. */
    private static final Duration REMOVED_WITHIN = Duration.ofSeconds(6);

    private static final String RENEWED = "renewed";
    private static final String ROOTS = "roots.pem";
    private static final String ROOT = "root-cert.pem";
    private static final String OURS = "spiffe://cluster.local/ns/demo/sa/web";

    private IdentityInquiries() {}

    static List<Attack> all() {
        return List.of(new Inquiry("A14", "identities that are none", IdentityInquiries::identities));
    }

    private static List<Ruling> identities(Stand stand) throws IOException, InterruptedException {
        Path directory = Files.createDirectory(stand.lab().directory().resolve("foreign"));
        List<Ruling> rulings = new ArrayList<>();
        try (Lab foreign = Lab.in(directory)) {
            rulings.add(refused(
                    stand,
                    "our names under a foreign root",
                    AttackPack.identity(foreign.workload(LabConfigs.EAST, LabConfigs.CLIENT))));
            rulings.addAll(names(stand));
            rulings.add(refused(stand, "no certificate", stand.site().identity().withoutCertificate()));
            rulings.addAll(removed(stand, directory.resolve(ROOT)));
        }
        return rulings;
    }

    private static List<Ruling> names(Stand stand) throws IOException, InterruptedException {
        NamedCertificates ca = NamedCertificates.of(stand.lab().directory(), LabConfigs.EAST.cluster());
        return List.of(
                asked(stand, "one right name", ca.issue("uri:" + OURS), "200"::equals, "200"),
                refused(stand, "two names", ca.issue("uri:" + OURS, "uri:spiffe://cluster.local/ns/demo/sa/admin")),
                refused(stand, "a name of another domain", ca.issue("uri:spiffe://elsewhere.example/ns/demo/sa/web")),
                refused(
                        stand,
                        "a domain that begins like ours",
                        ca.issue("uri:spiffe://cluster.local.example/ns/demo/sa/web")),
                refused(stand, "a name that is none of SPIFFE", ca.issue("uri:https://cluster.local/ns/demo/sa/web")),
                refused(stand, "no name but of DNS", ca.issue("dns:web.demo.svc.cluster.local")));
    }

    private static Ruling refused(Stand stand, String who, ClientIdentity identity) throws IOException {
        return asked(stand, who, identity, "closed"::equals, "closed before HTTP/2");
    }

    private static Ruling asked(
            Stand stand, String who, ClientIdentity identity, Predicate<String> right, String expected)
            throws IOException {
        String answer = answer(stand.site().as(identity));
        return Ruling.of(who, right.test(answer), answer, expected);
    }

    private static String answer(Site site) throws SocketTimeoutException {
        try (Line line = Line.greeted(site, new byte[0])) {
            line.send(line.connect(1));
            return line.status(1, PATIENCE);
        } catch (SocketTimeoutException silence) {
            throw silence;
        } catch (IOException refused) {
            return "closed";
        }
    }

    /** The client keeps its TLS context, with whatever session it may have to resume. */
    private static List<Ruling> removed(Stand stand, Path otherRoot) throws IOException, InterruptedException {
        Path directory = stand.lab().directory();
        Files.copy(directory.resolve(ROOT), directory.resolve(ROOTS));
        Site site = stand.start(RENEWED, config -> config.replace(LabConfigs.WEST.account() + "/" + ROOT, ROOTS));
        try (Line live = Line.greeted(site, new byte[0])) {
            live.send(live.connect(1));
            String before = live.status(1, PATIENCE);
            Path next = Files.copy(otherRoot, directory.resolve("next.pem"));
            Files.move(next, directory.resolve(ROOTS), StandardCopyOption.ATOMIC_MOVE);
            long start = System.nanoTime();
            boolean closed = isClosed(live);
            double seconds = (System.nanoTime() - start) / 1e9;
            return List.of(
                    Ruling.of("before its root is removed", before.equals("200"), before, "200"),
                    closed
                            ? Ruling.atMost("its live connection", seconds, 0, (double) REMOVED_WITHIN.toSeconds(), "s")
                            : Ruling.of("its live connection", false, "still open", "closed"),
                    Ruling.of("the same client again", answer(site).equals("closed"), answer(site), "closed"));
        } finally {
            stand.lab().children().kill(RENEWED);
        }
    }

    private static boolean isClosed(Line live) {
        try {
            while (live.read(PATIENCE).isPresent()) {
                // GOAWAY and RST_STREAM come first.
            }
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        }
    }
}
