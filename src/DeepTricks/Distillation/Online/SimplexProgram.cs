namespace DeepTricks.Distillation;

/// <summary>Quadratic programs in a few unknowns: ½ xᵀ H x + gᵀ x over x ≥ 0, Σ x = 1, H positive semidefinite.</summary>
internal static class SimplexProgram
{
    /// <summary>The lowest point, by accelerated projected gradients.</summary>
    /// <param name="curvature">H, row by row.</param>
    /// <param name="linear">g.</param>
    internal static double[] Minimize(double[] curvature, double[] linear)
    {
        const int mostSteps = 20000;
        var size = linear.Length;
        // No eigenvalue is above the trace.
        var length = 0.0;
        for (var i = 0; i < size; i++) length += curvature[(i * size) + i];
        length = Math.Max(length, linear.Max() - linear.Min());
        length = length > 0 ? 1 / length : 1;
        var x = Enumerable.Repeat(1.0 / size, size).ToArray();
        var y = x;
        var momentum = 1.0;
        for (var step = 0; step < mostSteps; step++)
        {
            var moved = new double[size];
            for (var i = 0; i < size; i++)
            {
                var slope = linear[i];
                for (var j = 0; j < size; j++) slope += curvature[(i * size) + j] * y[j];
                moved[i] = y[i] - (length * slope);
            }
            var next = Project(moved);
            var (change, uphill) = (0.0, 0.0);
            for (var i = 0; i < size; i++)
            {
                change = Math.Max(change, Math.Abs(next[i] - x[i]));
                uphill += (y[i] - next[i]) * (next[i] - x[i]);
            }
            // Momentum that leads uphill is dropped (O'Donoghue and Candès, 2015).
            var grown = uphill > 0 ? 1 : (1 + Math.Sqrt(1 + (4 * momentum * momentum))) / 2;
            var push = uphill > 0 ? 0 : (momentum - 1) / grown;
            y = [.. next.Zip(x, (a, b) => a + (push * (a - b)))];
            (x, momentum) = (next, grown);
            if (change < 1e-13) break;
        }
        return x;
    }

    /// <summary>The nearest point of the simplex (Held, Wolfe and Crowder, 1974).</summary>
    internal static double[] Project(double[] point)
    {
        var sorted = point.OrderDescending().ToArray();
        var (sum, shift) = (0.0, 0.0);
        for (var i = 0; i < sorted.Length; i++)
        {
            sum += sorted[i];
            var candidate = (sum - 1) / (i + 1);
            if (sorted[i] > candidate) shift = candidate;
        }
        return Array.ConvertAll(point, value => Math.Max(value - shift, 0));
    }
}
