using DeepTricks.Data;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>All widths that the layers of a super-net can have. A sub-net is a list with the place of each choice.</summary>
public sealed class WidthSpace
{
    private readonly ISlimmable[] _layers;

    /// <summary>Finds the choices of a network's slimmable layers; those with one option alone are left out.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ArgumentException">No layer has a choice.</exception>
    public WidthSpace(nn.Module network)
    {
        ArgumentNullException.ThrowIfNull(network);
        _layers = [.. network.modules().Prepend(network).Distinct().OfType<ISlimmable>()];
        Choices = [.. _layers.SelectMany(layer => layer.Choices).Where(choice => choice.Options.Count > 1).Distinct()];
        if (Choices.Count == 0)
        {
            throw new ArgumentException("The network has no slimmable layer with a choice of widths.", nameof(network));
        }
    }

    /// <summary>The choices, in the order of the layers.</summary>
    public IReadOnlyList<WidthChoice> Choices { get; }

    /// <summary>The largest sub-net.</summary>
    public IReadOnlyList<int> Largest => [.. Choices.Select(choice => choice.Options.Count - 1)];

    /// <summary>The smallest sub-net.</summary>
    public IReadOnlyList<int> Smallest => new int[Choices.Count];

    /// <summary>The sub-net that the network is.</summary>
    public IReadOnlyList<int> Current => [.. Choices.Select(choice => choice.Index)];

    /// <summary>How many weights of slimmable layers the network uses at the moment.</summary>
    public long ActiveParameters => _layers.Sum(layer => layer.ActiveParameters);

    /// <summary>Makes the network a sub-net.</summary>
    /// <param name="subnet">The place of each choice.</param>
    /// <exception cref="ArgumentException">There are more or fewer than choices.</exception>
    public void Set(IReadOnlyList<int> subnet)
    {
        ArgumentNullException.ThrowIfNull(subnet);
        if (subnet.Count != Choices.Count)
        {
            throw new ArgumentException($"Expected a place for each of {Choices.Count} choices; there are {subnet.Count}.", nameof(subnet));
        }

        for (var i = 0; i < subnet.Count; i++)
        {
            Choices[i].Index = subnet[i];
        }
    }

    /// <summary>A sub-net drawn evenly: a function of its arguments alone.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="draw">The number of the draw.</param>
    public IReadOnlyList<int> Random(long seed, long draw)
    {
        var random = new SampleRandom(seed, 0, draw);
        var places = new int[Choices.Count];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = random.NextInt32(Choices[i].Options.Count);
        }

        return places;
    }
}
