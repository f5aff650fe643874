package io.beringia.discovery.mcs;

import io.beringia.discovery.kube.ApiAnswer;
import io.beringia.discovery.kube.KeptTexts;
import io.beringia.discovery.kube.OwnApiWrites;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The ledgers as our API has them. Owned by the writer's thread. */
final class VipStore {
    private final OwnApiWrites api;
    private final McsListener listener;
    private final Map<Integer, Kept> parts = new HashMap<>();

    VipStore(OwnApiWrites api, McsListener listener) {
        this.api = api;
        this.listener = listener;
    }

    /** One part, and the version in which it is stored; empty for one that is not. */
    private record Kept(String version, VipLedger ledger) {}

    /** All parts; what was not read yet is read now. */
    Map<Integer, VipLedger> ledgers() {
        Map<Integer, VipLedger> ledgers = new TreeMap<>();
        for (int part = 0; part < VipRange.PARTS; part++) {
            ledgers.put(part, parts.computeIfAbsent(part, this::read).ledger());
        }
        return ledgers;
    }

    private Kept read(int part) {
        return api.texts(name(part))
                .map(texts -> parsed(part, texts))
                .orElseGet(() -> new Kept("", new VipLedger(part, new TreeMap<>())));
    }

    /** What cannot be read is begun anew: imports that are published put their addresses back into it. */
    private Kept parsed(int part, KeptTexts texts) {
        try {
            return new Kept(texts.resourceVersion(), VipLedger.parse(part, texts.data()));
        } catch (IllegalArgumentException broken) {
            listener.onBrokenLedger(String.valueOf(broken.getMessage()));
            return new Kept(texts.resourceVersion(), new VipLedger(part, new TreeMap<>()));
        }
    }

    /** Stores what changed; the parts that could not be stored now, and whose new addresses nobody may have. */
    Set<Integer> keep(Map<Integer, VipLedger> wanted) {
        Set<Integer> failed = new HashSet<>();
        wanted.forEach((part, ledger) -> {
            Kept kept = parts.computeIfAbsent(part, this::read);
            if (!kept.ledger().equals(ledger) && !isKept(part, kept, ledger)) {
                failed.add(part);
            }
        });
        return failed;
    }

    /** In the version that was read only: another writer may have given addresses meanwhile. It is read again then. */
    private boolean isKept(int part, Kept before, VipLedger ledger) {
        ApiAnswer answer = api.put(name(part), new KeptTexts(before.version(), ledger.data()));
        parts.remove(part);
        return answer instanceof ApiAnswer.Done;
    }

    private static String name(int part) {
        return "beringia-vips-" + part;
    }
}
