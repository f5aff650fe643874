package io.beringia.trust.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads whole logs and checks every claim of {@link Claim}. Believes nothing but the keys of its policy. One thread.
 */
public final class LedgerVerifier {
    private final Policy policy;
    private final Optional<SignedNote> since;

    /** {@code since} is a checkpoint that somebody kept: its log must begin with that tree. */
    public LedgerVerifier(Policy policy, Optional<SignedNote> since) {
        this.policy = policy;
        this.since = since;
    }

    /** One report for each, in their order. Connections between them are looked for at both ends. */
    public List<LogReport> verify(List<LogSource> sources) {
        List<Audit> audits = new ArrayList<>();
        sources.forEach(source -> audits.add(audit(source)));
        since.ifPresent(kept -> expectOneOf(audits, kept));
        List<LogReport> reports = new ArrayList<>();
        for (Audit audit : audits) {
            List<LegAudit> others = audits.stream()
                    .filter(other -> other != audit)
                    .map(other -> other.legs)
                    .toList();
            reports.add(audit.report(audit.legs.compare(others, audit.findings)));
        }
        return reports;
    }

    /** One log on its way through. */
    private static final class Audit {
        private final Findings findings = new Findings();
        private LegAudit legs = new LegAudit("unknown");
        private String origin = "unknown";
        private long size;
        private Set<String> witnesses = Set.of();
        private long crashes;
        private long lost;

        LogReport report(LegAudit.Compared compared) {
            return new LogReport(
                    origin, size, witnesses, crashes, lost, compared.found(), compared.unseen(), findings.list());
        }
    }

    private Audit audit(LogSource source) {
        Audit audit = new Audit();
        switch (judge(source)) {
            case PolicyVerdict.Refused(String why) -> audit.findings.add(Claim.C5, "checkpoint", why);
            case PolicyVerdict.Accepted(Checkpoint checkpoint, Set<String> witnesses) -> {
                audit.origin = checkpoint.origin();
                audit.legs = new LegAudit(checkpoint.origin());
                audit.size = checkpoint.size();
                audit.witnesses = witnesses;
                walk(source, checkpoint, audit);
            }
        }
        return audit;
    }

    private PolicyVerdict judge(LogSource source) {
        try {
            return source.read("checkpoint")
                    .map(octets -> policy.judge(SignedNote.parse(octets)))
                    .orElse(new PolicyVerdict.Refused("missing (expected: a file of the log)"));
        } catch (IOException | IllegalArgumentException bad) {
            return new PolicyVerdict.Refused(String.valueOf(bad.getMessage()));
        }
    }

    private void walk(LogSource source, Checkpoint checkpoint, Audit audit) {
        TreeAudit tree = new TreeAudit(source, audit.findings);
        StreamAudit stream = new StreamAudit(
                checkpoint.origin().substring(checkpoint.origin().lastIndexOf('/') + 1), audit.findings);
        for (long first = 0; first < checkpoint.size(); first += Tile.WIDTH_MAX) {
            Tile bundle = Tile.holding(Tile.ENTRIES, first, checkpoint.size());
            try {
                List<Leaf> leaves = TileReader.entries(source, bundle).stream()
                        .map(Leaf::of)
                        .toList();
                tree.bundle(bundle, leaves);
                for (Leaf leaf : leaves) {
                    entry(tree.size(), leaf, stream, audit.legs);
                    tree.append(leaf);
                    atKept(checkpoint, tree, audit);
                }
            } catch (IllegalArgumentException | UncheckedIOException bad) {
                audit.findings.add(Claim.C5, bundle.path(), String.valueOf(bad.getMessage()));
                return;
            }
        }
        tree.finish();
        if (!tree.root().equals(checkpoint.root())) {
            audit.findings.add(
                    Claim.C5,
                    "checkpoint",
                    "root " + checkpoint.root() + " (expected: " + tree.root() + " of its " + checkpoint.size()
                            + " entries)");
        }
        audit.crashes = stream.crashes();
        audit.lost = stream.lost();
    }

    private static void entry(long index, Leaf leaf, StreamAudit stream, LegAudit legs) {
        try {
            LedgerEntry entry = LedgerEntry.parse(leaf.entry());
            stream.next(index, entry, leaf.hash());
            legs.next(index, entry);
        } catch (IllegalArgumentException bad) {
            stream.unreadable(index, leaf.hash(), String.valueOf(bad.getMessage()));
        }
    }

    private void atKept(Checkpoint checkpoint, TreeAudit tree, Audit audit) {
        since.map(note -> Checkpoint.parse(note.text()))
                .filter(kept -> kept.origin().equals(checkpoint.origin()) && kept.size() == tree.size())
                .filter(kept -> !kept.root().equals(tree.root()))
                .ifPresent(kept -> audit.findings.add(
                        Claim.C5,
                        "entries before " + kept.size(),
                        "make root " + tree.root() + " (expected: " + kept.root()
                                + " of the checkpoint that was kept)"));
    }

    private void expectOneOf(List<Audit> audits, SignedNote note) {
        Checkpoint kept = Checkpoint.parse(note.text());
        boolean signed = policy.logs().stream()
                .anyMatch(log -> log.key().name().equals(kept.origin()) && note.isSignedBy(log.key()));
        for (Audit audit : audits) {
            if (signed && audit.origin.equals(kept.origin()) && audit.size >= kept.size()) {
                return;
            }
        }
        audits.getFirst()
                .findings
                .add(
                        Claim.C5,
                        "checkpoint",
                        "none continues the kept one of " + kept.origin() + ", " + kept.size()
                                + " entries (expected: one that does, signed by a log of the policy)");
    }
}
