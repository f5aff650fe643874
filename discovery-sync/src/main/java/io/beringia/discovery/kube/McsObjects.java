package io.beringia.discovery.kube;

import io.beringia.discovery.kube.KubeObject.ServiceExportObject;
import io.beringia.discovery.kube.KubeObject.ServiceImportObject;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a cluster's API has of the Multi-Cluster Services API: what authors asked for, and what we have written.
 *
 * @param isServed whether its definitions are installed; without them nothing of it can be written
 * @param services Services that can be exported
 * @param unfit Services that cannot, since they only stand for another name
 */
public record McsObjects(
        boolean isServed,
        SortedMap<ObjectName, ServiceExportObject> exports,
        SortedMap<ObjectName, ServiceImportObject> imports,
        SortedMap<ObjectName, ImportedSlice> slices,
        Set<ObjectName> services,
        Set<ObjectName> unfit) {
    public static final McsObjects NONE =
            new McsObjects(false, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), Set.of(), Set.of());

    public McsObjects {
        exports = sorted(exports);
        imports = sorted(imports);
        slices = sorted(slices);
        services = Set.copyOf(services);
        unfit = Set.copyOf(unfit);
    }

    private static <T> SortedMap<ObjectName, T> sorted(Map<ObjectName, T> from) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(from));
    }
}
