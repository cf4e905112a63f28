using DeepTricks.Data;
using static TorchSharp.torch;

namespace SegmentationSample;

/// <summary>
/// Slices that look like abdominal CT, drawn by formula: a body with fat, a spine, a liver, kidneys, a stomach, bowel loops and vessels, and, on
/// some, the organ to be found. The organ is small, has one of three shapes, and shares its brightness with most of what is around it;
/// slices without it often have something else in its place.
/// </summary>
/// <remarks>Slice i of a seed is a function of the two alone. Nothing here imitates any real scanner, patient or data set.</remarks>
internal static class CtSlices
{
    /// <summary>Pixels to a side.</summary>
    public const int Size = 64;

    /// <summary>The share of slices without the organ.</summary>
    public const double EmptyShare = 0.45;

    private const double Noise = 0.045;

    /// <summary>Draws slices.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Decides them; any value.</param>
    /// <returns>Images, float32 [count, 1, 64, 64], about 0 to 1; masks of the organ, float32 of the same shape, 0 or 1.</returns>
    public static InMemoryDataset Draw(int count, long seed)
    {
        var images = new float[count * Size * Size];
        var masks = new float[images.Length];
        for (var i = 0; i < count; i++)
            Draw(new SampleRandom(seed, 0, i), images.AsSpan(i * Size * Size, Size * Size), masks.AsSpan(i * Size * Size, Size * Size));
        return new(tensor(images, [count, 1, Size, Size]), tensor(masks, [count, 1, Size, Size]));
    }

    private static void Draw(SampleRandom random, Span<float> image, Span<float> mask)
    {
        var empty = random.NextDouble() < EmptyShare;
        var (x, y) = (32 + random.NextUniform(-2, 2), 33 + random.NextUniform(-2, 2));
        var body = new Blob(x, y, random.NextUniform(26, 30), random.NextUniform(20, 25)).Wavy(random, 0.03);
        // The contrast agent brightens all organs of a patient together.
        var contrast = random.NextUniform(-0.05, 0.05);
        Fill(image, body, 0.2);
        Fill(image, body.Scaled(0.9), 0.36 + random.NextUniform(-0.03, 0.03));
        Fill(image, new Blob(x, y + (body.RadiusY * 0.68), 4.5, 4), 0.85);
        Fill(image, new Blob(x - 11 + random.NextUniform(-2, 2), y - 3, random.NextUniform(9, 12), random.NextUniform(7, 10), random.NextUniform(-0.4, 0.4)).Wavy(random, 0.08),
            0.56 + contrast + random.NextUniform(-0.03, 0.03));
        DrawStomach(image, random, x + 7, y - 9, contrast);
        DrawKidney(image, random, x - 10, y + 9, contrast);
        DrawKidney(image, random, x + 9, y + 10, contrast);
        for (var loops = 2 + random.NextInt32(4); loops > 0; loops--)
            DrawBowel(image, random, x + random.NextUniform(-14, 18), y + random.NextUniform(-10, 12), contrast);
        for (var vessels = 2 + random.NextInt32(4); vessels > 0; vessels--)
        {
            var radius = random.NextUniform(0.8, 1.8);
            Fill(image, new Blob(x + random.NextUniform(-12, 14), y + random.NextUniform(-8, 8), radius, radius), 0.66 + contrast);
        }

        var (left, top) = (x + random.NextUniform(13, 18), y + random.NextUniform(-4, 6));
        if (!empty)
            DrawOrgan(image, mask, random, left, top, contrast);
        else if (random.NextDouble() < 0.6)
            DrawBowel(image, random, left, top, contrast);
        Scan(image, random);
    }

    private static void DrawOrgan(Span<float> image, Span<float> mask, SampleRandom random, double x, double y, double contrast)
    {
        var (length, width, turn) = (random.NextUniform(4, 8), random.NextUniform(2.6, 4.2), Math.PI / 2 + random.NextUniform(-0.6, 0.6));
        var organ = random.NextInt32(3) switch
        {
            0 => new Blob(x, y, length, width, turn),
            1 => new Blob(x, y, length, width, turn).Wavy(random, 0.22),
            _ => new Blob(x, y, length, width * 1.3, turn) { Bite = new(x - (width * 1.4), y, length * 0.8, width, turn) },
        };
        Fill(image, organ, 0.56 + contrast + random.NextUniform(-0.03, 0.03));
        for (var i = 0; i < mask.Length; i++)
            mask[i] = organ.Coverage(i % Size, i / Size) > 0.5 ? 1 : 0;
    }

    // Food below, gas above, and a wall as bright as the organ.
    private static void DrawStomach(Span<float> image, SampleRandom random, double x, double y, double contrast)
    {
        var stomach = new Blob(x, y, random.NextUniform(5, 8), random.NextUniform(4, 6), random.NextUniform(-0.3, 0.3)).Wavy(random, 0.1);
        Fill(image, stomach, 0.55 + contrast);
        Fill(image, stomach.Scaled(0.75), 0.45 + random.NextUniform(-0.04, 0.08));
        if (random.NextDouble() < 0.6)
            Fill(image, new Blob(x, y - (stomach.RadiusY * 0.35), stomach.RadiusX * 0.55, stomach.RadiusY * 0.3), 0.05);
    }

    private static void DrawKidney(Span<float> image, SampleRandom random, double x, double y, double contrast)
    {
        if (random.NextDouble() < 0.25)
            return;
        var kidney = new Blob(x + random.NextUniform(-2, 2), y + random.NextUniform(-2, 2), random.NextUniform(3, 4.5), random.NextUniform(4, 5.5), random.NextUniform(-0.5, 0.5)).Wavy(random, 0.08);
        Fill(image, kidney, 0.62 + contrast);
        Fill(image, kidney.Scaled(0.5), 0.42 + contrast);
    }

    // A loop shows as a ring where it is cut across, filled with gas, with fluid, or with something as bright as the organ.
    private static void DrawBowel(Span<float> image, SampleRandom random, double x, double y, double contrast)
    {
        var loop = new Blob(x, y, random.NextUniform(2.5, 4.5), random.NextUniform(2.5, 5.5), random.NextUniform(0, Math.PI)).Wavy(random, 0.12);
        Fill(image, loop, 0.56 + contrast + random.NextUniform(-0.03, 0.03));
        var filling = random.NextDouble();
        Fill(image, loop.Scaled(random.NextUniform(0.5, 0.65)), filling < 0.35 ? 0.08 : filling < 0.8 ? 0.42 : 0.7);
    }

    private static void Fill(Span<float> image, Blob blob, double brightness)
    {
        var reach = blob.Reach;
        var (left, right) = (Math.Max(0, (int)(blob.X - reach)), Math.Min(Size - 1, (int)(blob.X + reach) + 1));
        var (top, bottom) = (Math.Max(0, (int)(blob.Y - reach)), Math.Min(Size - 1, (int)(blob.Y + reach) + 1));
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                ref var pixel = ref image[(y * Size) + x];
                pixel += (float)((brightness - pixel) * blob.Coverage(x, y));
            }
        }
    }

    // Blurred, brighter on one side, and noisy: grain as wide as two pixels, as the reconstruction of a scan leaves it.
    private static void Scan(Span<float> image, SampleRandom random)
    {
        var (slopeX, slopeY) = (random.NextUniform(-0.05, 0.05), random.NextUniform(-0.05, 0.05));
        Span<float> noise = new float[image.Length];
        foreach (ref var value in noise)
            value = (float)(random.NextNormal() * Noise * 2);
        Span<float> sharp = image.ToArray();
        for (var i = 0; i < image.Length; i++)
        {
            var (x, y) = (i % Size, i / Size);
            var shade = 1 + (slopeX * (x - 32) / 32) + (slopeY * (y - 32) / 32);
            image[i] = (float)Math.Clamp((Smooth(sharp, x, y) * shade) + Smooth(noise, x, y), 0, 1);
        }
    }

    private static float Smooth(ReadOnlySpan<float> plane, int x, int y)
    {
        var sum = 0f;
        for (var dy = -1; dy <= 1; dy++)
            for (var dx = -1; dx <= 1; dx++)
                sum += plane[(Math.Clamp(y + dy, 0, Size - 1) * Size) + Math.Clamp(x + dx, 0, Size - 1)] * (2 - Math.Abs(dx)) * (2 - Math.Abs(dy));
        return sum / 16;
    }
}
