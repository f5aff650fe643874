package io.beringia.discovery.lab;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * All objects of the lab and what happened lately, at one version: immutable. {@link #step} is the whole of writing; it
 * copies the maps, which is cheap for the few hundred objects of a lab.
 *
 * @param version the one resourceVersion counter
 * @param compacted changes up to this version are forgotten
 * @param history the changes after {@code compacted}, oldest first
 */
record LabState(long version, long compacted, SortedMap<ObjectKey, LabObject> objects, List<LabChange> history) {
    /** Of nearly every kind; the few that allow more are not served here. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    /** A watch that slept through so many changes lists again. */
    private static final int HISTORY_CHANGES = 4_096;

    /** Nothing, at that version: everything before it is forgotten. */
    static LabState emptyAt(long version) {
        return new LabState(version, version, Collections.emptySortedMap(), List.of());
    }

    /** What is stored, and what the writer is told. */
    record Step(LabState state, LabAnswer answer) {}

    Step step(LabWrite write, Instant now) {
        Draft draft = new Draft(this, now);
        LabAnswer answer = switch (write) {
            case LabWrite.Create create -> draft.create(create.key(), create.json());
            case LabWrite.Replace replace -> draft.change(replace.key(), replace.part(), replace.json());
            case LabWrite.Change change -> draft.patch(change);
            case LabWrite.Apply apply -> draft.apply(apply);
            case LabWrite.Delete delete -> draft.delete(delete);
            case LabWrite.Manifests manifests -> draft.manifests(manifests);
            case LabWrite.Compact() -> draft.compact();
            case LabWrite.Restore(LabState then) -> draft.restore(then);
        };
        return new Step(draft.freeze(), answer);
    }

    Optional<LabObject> object(ObjectKey key) {
        return Optional.ofNullable(objects.get(key));
    }

    /** What Kubernetes brings is always served; the rest in the versions that its definition serves, while that is there. */
    boolean serves(LabKind kind, String version) {
        return kind.definition()
                .map(name -> object(new ObjectKey(LabKind.CUSTOM_RESOURCE_DEFINITION, "", name)).stream()
                        .flatMap(crd -> crd.json().path("spec").path("versions").valueStream())
                        .anyMatch(it -> it.path("name").asString("").equals(version)
                                && it.path("served").asBoolean(true)))
                .orElse(kind.versions().contains(version));
    }

    /** In any version. */
    boolean serves(LabKind kind) {
        return kind.versions().stream().anyMatch(version -> serves(kind, version));
    }

    /** In order of namespace and name. */
    List<LabObject> select(LabSelection selection) {
        return objects.values().stream().filter(selection::contains).toList();
    }

    /** Empty if that version is forgotten: list again. After one that is not reached yet there are none. */
    Optional<List<LabChange>> changesAfter(long seen) {
        if (seen < compacted) {
            return Optional.empty();
        }
        return Optional.of(
                history.stream().filter(change -> change.version() > seen).toList());
    }

    /** The next state in the making. Lives within one {@link #step}. */
    private static final class Draft {
        private final Instant now;
        private final TreeMap<ObjectKey, LabObject> objects;
        private final ArrayDeque<LabChange> history;
        private long version;
        private long compacted;

        Draft(LabState from, Instant now) {
            this.now = now;
            this.objects = new TreeMap<>(from.objects);
            this.history = new ArrayDeque<>(from.history);
            this.version = from.version;
            this.compacted = from.compacted;
        }

        LabState freeze() {
            return new LabState(version, compacted, Collections.unmodifiableSortedMap(objects), List.copyOf(history));
        }

        LabAnswer create(ObjectKey key, ObjectNode json) {
            if (objects.containsKey(key)) {
                return new LabAnswer.Refused(Refusal.ALREADY_EXISTS, key + " already exists");
            }
            if (!NAME.matcher(key.name()).matches()) {
                return new LabAnswer.Refused(
                        Refusal.INVALID, key + ": metadata.name is no RFC 1123 subdomain (a-z, 0-9, '-', '.')");
            }
            if (key.kind().isNamespaced() && !objects.containsKey(ObjectKey.namespace(key.namespace()))) {
                return LabAnswer.Refused.notFound(ObjectKey.namespace(key.namespace()));
            }
            return new LabAnswer.Stored(put(key, LabDefaults.fresh(key, json, now)));
        }

        LabAnswer patch(LabWrite.Change change) {
            LabObject old = objects.get(change.key());
            if (old == null) {
                return LabAnswer.Refused.notFound(change.key());
            }
            return switch (change.rules().apply(old.json(), change.patch())) {
                case PatchRules.Result.Patched(ObjectNode json) -> change(change.key(), change.part(), json);
                case PatchRules.Result.Unfit(String why) -> new LabAnswer.Refused(Refusal.INVALID, why);
            };
        }

        LabAnswer change(ObjectKey key, LabWrite.Part part, ObjectNode wanted) {
            LabObject old = objects.get(key);
            if (old == null) {
                return LabAnswer.Refused.notFound(key);
            }
            String expected = wanted.path("metadata").path("resourceVersion").asString("");
            if (!expected.isEmpty() && !expected.equals(Long.toString(old.version()))) {
                return new LabAnswer.Refused(
                        Refusal.CONFLICT,
                        key + ": resourceVersion " + expected + " (expected: " + old.version()
                                + "; please apply your changes to the latest version)");
            }
            ObjectNode next = LabDefaults.changed(old, part, wanted);
            return new LabAnswer.Stored(next.equals(old.json()) ? old : put(key, next));
        }

        LabAnswer apply(LabWrite.Apply apply) {
            LabObject old = objects.get(apply.key());
            if (old == null && apply.part() == LabWrite.Part.STATUS) {
                return LabAnswer.Refused.notFound(apply.key());
            }
            LabAnswer answer = old == null
                    ? create(apply.key(), apply.json())
                    : change(
                            apply.key(),
                            apply.part(),
                            PatchRules.merge(
                                    PatchRules.without(old.json(), old.saidBy(apply), apply.json()), apply.json()));
            return answer instanceof LabAnswer.Stored(LabObject stored)
                    ? new LabAnswer.Stored(keep(stored.after(apply)))
                    : answer;
        }

        private LabObject keep(LabObject object) {
            objects.put(object.key(), object);
            return object;
        }

        LabAnswer delete(LabWrite.Delete delete) {
            LabObject old = objects.get(delete.key());
            boolean isAnother = old != null
                    && (delete.uid().filter(uid -> !uid.equals(old.uid())).isPresent()
                            || delete.version()
                                    .filter(seen -> !seen.equals(Long.toString(old.version())))
                                    .isPresent());
            return isAnother
                    ? new LabAnswer.Refused(
                            Refusal.CONFLICT, delete.key() + ": precondition failed, it is another by now")
                    : delete(delete.key());
        }

        LabAnswer delete(ObjectKey key) {
            LabObject old = objects.get(key);
            if (old == null) {
                return LabAnswer.Refused.notFound(key);
            }
            // Pods end gracefully: whoever watches sees that first, even where nothing runs that could.
            LabObject last = key.kind() == LabKind.POD ? put(key, LabDefaults.ending(old, now)) : old;
            objects.remove(key);
            remember(new LabChange(++version, Optional.of(last), Optional.empty()));
            if (key.kind() == LabKind.NAMESPACE) {
                List.copyOf(objects.keySet()).stream()
                        .filter(one -> one.namespace().equals(key.name()))
                        .forEach(this::delete);
            }
            if (key.kind() == LabKind.CUSTOM_RESOURCE_DEFINITION) {
                List.copyOf(objects.keySet()).stream()
                        .filter(one -> one.kind().definition().equals(Optional.of(key.name())))
                        .forEach(this::delete);
            }
            return new LabAnswer.Stored(last);
        }

        LabAnswer manifests(LabWrite.Manifests manifests) {
            new TreeMap<>(manifests.said()).forEach(this::say);
            manifests.gone().forEach(this::delete);
            return new LabAnswer.Done();
        }

        /** A manifest outlaws no namespace and keeps the status unless it brings its own. */
        private void say(ObjectKey key, ObjectNode json) {
            ObjectKey namespace = ObjectKey.namespace(key.kind().isNamespaced() ? key.namespace() : "default");
            if (!objects.containsKey(namespace)) {
                put(namespace, LabDefaults.fresh(namespace, json.objectNode(), now));
            }
            LabObject old = objects.get(key);
            ObjectNode next = LabDefaults.fresh(key, json, now);
            if (old != null) {
                LabDefaults.keepIdentity(old, next);
                JsonNode status =
                        json.has("status") ? json.path("status") : old.json().path("status");
                LabDefaults.setStatus(next, status);
            }
            if (old == null || !next.equals(old.json())) {
                put(key, next);
            }
        }

        LabAnswer compact() {
            history.clear();
            compacted = version;
            return new LabAnswer.Done();
        }

        LabAnswer restore(LabState then) {
            objects.clear();
            objects.putAll(then.objects);
            history.clear();
            history.addAll(then.history);
            version = then.version;
            compacted = then.compacted;
            return new LabAnswer.Done();
        }

        private LabObject put(ObjectKey key, ObjectNode json) {
            version++;
            json.withObjectProperty("metadata").put("resourceVersion", Long.toString(version));
            LabObject old = objects.get(key);
            LabObject stored = new LabObject(key, version, json, old == null ? Map.of() : old.applied());
            objects.put(key, stored);
            remember(new LabChange(version, Optional.ofNullable(old), Optional.of(stored)));
            return stored;
        }

        private void remember(LabChange change) {
            history.addLast(change);
            if (history.size() > HISTORY_CHANGES) {
                compacted = history.removeFirst().version();
            }
        }
    }

    @Override
    public String toString() {
        return "LabState[version " + version + ", " + objects.size() + " objects]";
    }
}
