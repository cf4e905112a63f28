using DeepTricks.Data;

namespace DeepTricks.Tests.Data;

public sealed class SyntheticDigitsTests
{
    [Fact]
    public void Generate_SameSeed_GivesTheSameDigits()
    {
        var first = SyntheticDigits.Generate(50, 3);
        var again = SyntheticDigits.Generate(50, 3);

        Assert.Equal(first.Labels, again.Labels);
        Assert.Equal(first.Images, again.Images);
    }

    [Fact]
    public void Generate_MoreDigits_BeginsWithTheSameOnes()
    {
        var few = SyntheticDigits.Generate(10, 3);
        var many = SyntheticDigits.Generate(30, 3);

        Assert.Equal(few.Images, many.Images[..few.Images.Length]);
    }

    [Fact]
    public void Generate_OtherSeedOrStream_GivesOtherDigits()
    {
        var digits = SyntheticDigits.Generate(10, 3).Images;

        Assert.NotEqual(digits, SyntheticDigits.Generate(10, 4).Images);
        Assert.NotEqual(digits, SyntheticDigits.Generate(10, 3, stream: 1).Images);
    }

    [Fact]
    public void Generate_ManyDigits_HasEveryDigitAboutEquallyOften()
    {
        var labels = SyntheticDigits.Generate(2000, 5).Labels;

        Assert.All(Enumerable.Range(0, 10), digit => Assert.InRange(labels.Count(label => label == digit), 140, 260));
    }

    // MNIST's training pixels have mean 0.13 and standard deviation 0.31.
    [Fact]
    public void Generate_ManyDigits_HasTheInkOfMnist()
    {
        var images = SyntheticDigits.Generate(500, 6).Images;

        var mean = images.Average(pixel => pixel / 255.0);
        var deviation = Math.Sqrt(images.Average(pixel => ((pixel / 255.0) - mean) * ((pixel / 255.0) - mean)));

        Assert.InRange(mean, 0.11, 0.16);
        Assert.InRange(deviation, 0.28, 0.35);
        Assert.Contains((byte)0, images);
        Assert.Contains((byte)255, images);
    }

    // Digits are of use only where their pictures tell them apart, yet not so plainly that everything is right.
    [Fact]
    public void Generate_NearestNeighbour_TellsTheDigitsApart()
    {
        var (train, trainLabels) = SyntheticDigits.Generate(1500, 7);
        var (test, testLabels) = SyntheticDigits.Generate(200, 7, stream: 1);

        var right = Enumerable.Range(0, testLabels.Length).AsParallel().Count(i => trainLabels[Nearest(i)] == testLabels[i]);

        Assert.InRange(right / (double)testLabels.Length, 0.9, 0.999);

        int Nearest(int i) => Enumerable.Range(0, trainLabels.Length).MinBy(j => Distance(Picture(test, i), Picture(train, j)));
        static ReadOnlySpan<byte> Picture(byte[] images, int i) => images.AsSpan(i * SyntheticDigits.PixelCount, SyntheticDigits.PixelCount);
        static long Distance(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
        {
            var sum = 0L;
            for (var k = 0; k < a.Length; k++)
            {
                sum += (a[k] - b[k]) * (a[k] - b[k]);
            }

            return sum;
        }
    }

    [Fact]
    public void Draw_BadArguments_AreRefused()
    {
        var random = new SampleRandom(0, 0, 0);

        Assert.Throws<ArgumentOutOfRangeException>("digit", () => SyntheticDigits.Draw(10, random, new byte[784]));
        Assert.Throws<ArgumentException>("pixels", () => SyntheticDigits.Draw(1, random, new byte[783]));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => SyntheticDigits.Generate(-1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => SyntheticDigits.Generate(int.MaxValue, 0));
    }
}
