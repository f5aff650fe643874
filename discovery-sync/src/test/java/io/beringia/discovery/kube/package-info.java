@NullMarked
package io.beringia.discovery.kube;

import org.jspecify.annotations.NullMarked;
