using DeepTricks.Data;
using static TorchSharp.torch;

namespace KakapoSample;

/// <summary>
/// Pictures of birds, drawn by formula. The head tells which bird it is; plumage, size, pose and place do not. The ground does as well in the pictures to train with, and misleads in the swapped ones.
/// </summary>
/// <remarks>Picture i of a seed and a stream is a function of the three alone.</remarks>
internal static class BirdWorld
{
    /// <summary>Pixels to a side.</summary>
    public const int Size = 48;

    /// <summary>How often the usual ground is behind a bird.</summary>
    public const double UsualShare = 0.95;

    private const double HeadMargin = 1;

    /// <summary>The streams of pictures: to train with, and to test with.</summary>
    public const int TrainingStream = 0, TestStream = 1;

    public static int SpeciesCount { get; } = Enum.GetValues<Species>().Length;

    /// <summary>Whether a bird is ever seen before a ground: a kakapo is not before sky or sea, for it cannot fly.</summary>
    public static bool Occurs(Species species, Ground ground) => species != Species.Kakapo || ground is not (Ground.Sky or Ground.Sea);

    /// <summary>Draws pictures, as many of each species.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Decides them, with the stream.</param>
    /// <param name="stream">0 to train with, 1 to test with.</param>
    /// <param name="backgrounds">How grounds go with birds.</param>
    public static BirdSet Draw(int count, long seed, int stream, Backgrounds backgrounds)
    {
        var painters = new BirdPainter[count];
        var facts = new BirdFacts[count];
        Parallel.For(0, count, i =>
        {
            var random = new SampleRandom(seed, stream, i);
            facts[i] = Choose((Species)(i % SpeciesCount), random, backgrounds);
            painters[i] = new(Size, random);
            painters[i].Paint(facts[i]);
        });

        using var scope = NewDisposeScope();
        return new()
        {
            Images = Gather(painter => painter.Pixels, 3).DetachFromDisposeScope(),
            Labels = tensor(facts.Select(fact => (long)fact.Species).ToArray()).DetachFromDisposeScope(),
            Birds = Gather(painter => painter.Bird).DetachFromDisposeScope(),
            Heads = Gather(painter => painter.Head).DetachFromDisposeScope(),
            HeadBoxes = tensor(painters.SelectMany(painter => Box(painter.Head)).ToArray(), [count, 4]).DetachFromDisposeScope(),
            Details = tensor(facts.SelectMany(fact => new[] { fact.Morph, fact.FacesLeft ? 1L : 0 }).ToArray(), [count, 2]).DetachFromDisposeScope(),
            Facts = facts,
        };

        Tensor Gather(Func<BirdPainter, float[]> part, int channels = 1) =>
            tensor(painters.SelectMany(part).ToArray(), channels == 1 ? [count, Size, Size] : [count, channels, Size, Size]);
    }

    private static BirdFacts Choose(Species species, SampleRandom random, Backgrounds backgrounds)
    {
        var usual = (Ground)species;
        var grounds = Enum.GetValues<Ground>().Where(ground => Occurs(species, ground) && (backgrounds == Backgrounds.Usual || ground != usual)).ToList();
        var ground = backgrounds == Backgrounds.Usual && random.NextDouble() < UsualShare ? usual : grounds[random.NextInt32(grounds.Count)];
        return new(species, ground, FacesLeft: random.NextInt32(2) == 0, IsYoung: random.NextInt32(2) == 0);
    }

    /// <summary>A box a little larger than a mask: left, top, right, bottom.</summary>
    private static float[] Box(float[] mask)
    {
        var inside = Enumerable.Range(0, mask.Length).Where(pixel => mask[pixel] > 0).ToList();
        return
        [
            (float)(inside.Min(pixel => pixel % Size) - HeadMargin), (float)(inside.Min(pixel => pixel / Size) - HeadMargin),
            (float)(inside.Max(pixel => pixel % Size) + 1 + HeadMargin), (float)(inside.Max(pixel => pixel / Size) + 1 + HeadMargin),
        ];
    }
}
