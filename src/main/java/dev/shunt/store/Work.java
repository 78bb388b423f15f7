package dev.shunt.store;

import dev.shunt.core.Delivery;

/**
 * One delivery with its decoded content, ready to be stored.
 *
 * @param <T> the workload's decoded form
 */
public record Work<T>(Delivery delivery, T content) {}
