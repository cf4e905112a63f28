namespace DeepTricks.Distillation;

/// <summary>Looks for the sub-net of a trained super-net that fits a budget.</summary>
public static class WidthSearch
{
    /// <summary>
    /// Starts with the largest sub-net and narrows one choice at a time by one place, the one that raises the error least, until the cost fits (Yu and Huang,
    /// "AutoSlim", 2019). The network is the sub-net
    /// found afterwards.
    /// </summary>
    /// <param name="space">The widths.</param>
    /// <param name="error">Evaluates the network as it is at the moment; lower is better. Statistics of batch normalisation for odd combinations of widths are the
    /// caller's to renew.</param>
    /// <param name="cost">What the network costs as it is at the moment, such as <see cref="WidthSpace.ActiveParameters"/>.</param>
    /// <param name="budget">What it may cost.</param>
    /// <returns>The sub-nets on the way, from the largest to the one found, with their cost and error.</returns>
    /// <exception cref="ArgumentException">The smallest sub-net costs more than the budget.</exception>
    public static IReadOnlyList<(IReadOnlyList<int> Subnet, double Cost, double Error)> Greedy(WidthSpace space, Func<double> error, Func<double> cost, double budget)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(cost);
        space.Set(space.Smallest);
        if (cost() is var least && least > budget)
        {
            throw new ArgumentException($"The smallest sub-net costs {least}, more than the budget of {budget}.", nameof(budget));
        }

        space.Set(space.Largest);
        List<(IReadOnlyList<int> Subnet, double Cost, double Error)> path = [(space.Largest, cost(), error())];
        while (path[^1].Cost > budget)
        {
            path.Add(Narrowed(path[^1].Subnet).MinBy(one => one.Error));
        }

        space.Set(path[^1].Subnet);
        return path;

        IEnumerable<(IReadOnlyList<int> Subnet, double Cost, double Error)> Narrowed(IReadOnlyList<int> from)
        {
            for (var i = 0; i < from.Count; i++)
            {
                if (from[i] == 0)
                {
                    continue;
                }

                int[] subnet = [.. from];
                subnet[i]--;
                space.Set(subnet);
                yield return (subnet, cost(), error());
            }
        }
    }
}
