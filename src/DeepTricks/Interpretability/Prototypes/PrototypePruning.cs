using DeepTricks.Data;

namespace DeepTricks.Interpretability;

/// <summary>
/// Takes away prototypes that stand for background: those whose nearest patches are of other classes. To be done after a projection, before which prototypes are no
/// patches; the last layer is trained anew afterwards (the authors: 100 epochs of <see cref="PrototypePhase.LastLayer"/>).
/// </summary>
public static class PrototypePruning
{
    /// <summary>Finds the prototypes to take away.</summary>
    /// <param name="nearest">The nearest patches of each prototype; see <see cref="NearestPatchSearch"/>. The first <see cref="PrototypePruningOptions.Neighbors"/> count.</param>
    /// <param name="prototypeClasses">The class of each prototype.</param>
    /// <param name="options">The rule; see <see cref="PrototypePruningOptions"/> for the defaults.</param>
    /// <returns>Their numbers, rising.</returns>
    /// <exception cref="ArgumentException">There are not as many lists as prototypes.</exception>
    public static IReadOnlyList<int> Select(IReadOnlyList<IReadOnlyList<NearestPatch>> nearest, IReadOnlyList<int> prototypeClasses, PrototypePruningOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(nearest);
        ArgumentNullException.ThrowIfNull(prototypeClasses);
        options ??= new();
        if (nearest.Count != prototypeClasses.Count)
            throw new ArgumentException($"Expected the nearest patches of {prototypeClasses.Count} prototypes, and those of {nearest.Count} came.", nameof(nearest));
        return [.. Enumerable.Range(0, nearest.Count).Where(prototype =>
            nearest[prototype].Take(options.Neighbors).Count(patch => patch.ImageClass == prototypeClasses[prototype]) < options.Threshold)];
    }

    /// <summary>Finds them in images, and takes them away; see <see cref="ProtoPNet.Prune"/>.</summary>
    /// <param name="model">The network, whose prototypes have been projected.</param>
    /// <param name="images">The training images with classes, not augmented; epoch 0 is taken.</param>
    /// <param name="options">The rule; see <see cref="PrototypePruningOptions"/> for the defaults.</param>
    /// <param name="search">What is done to the images before.</param>
    /// <returns>The numbers that they had.</returns>
    /// <exception cref="ArgumentException">None would be left, a batch has no classes, or a label is none.</exception>
    public static IReadOnlyList<int> Run(ProtoPNet model, IBatchSource images, PrototypePruningOptions? options = null, PrototypeSearchOptions? search = null)
    {
        options ??= new();
        var gone = Select(NearestPatchSearch.Run(model, images, options.Neighbors, search), model.PrototypeClasses, options);
        model.Prune(gone);
        return gone;
    }
}
