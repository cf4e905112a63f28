using System.Text;
using DeepTricks.Data;
using DeepTricks.Testing;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Data.Objects;

public sealed class AnnotationFileTests : IDisposable
{
    private const string Image = """{"id":1,"file_name":"a.png","height":4,"width":6}""";
    private const string Cat = """{"id":3,"name":"cat","supercategory":"animal"}""";
    private readonly string _folder = Directory.CreateTempSubdirectory("annotations-").FullName;

    [Fact]
    public void Read_OfCoco_GivesBoxesPolygonsRunLengthsAndCrowds()
    {
        using var scope = NewDisposeScope();
        var dataset = CocoDataset.Read(GoldenFile.PathOf("detection/evaluation-truth.json"));

        Assert.Equal(new ObjectCategory(1, "cat", "animal"), dataset.Categories[0]);
        var image = dataset.Images.First(image => image.Objects.Count > 3);
        Assert.True(image.Objects[3].IsCrowd);
        Assert.All(image.Objects, one => Assert.NotNull(one.Mask));
        Assert.Equal([image.Objects.Count, 4], image.Boxes().shape);
        Assert.Equal([image.Objects.Count, image.Height, image.Width], image.Masks().shape);
        Assert.Equal(image.Objects[0].Label, image.Labels()[0].item<long>());
        Assert.Equal(image.Objects[0].Mask!.Area, image.Masks()[0].sum().item<long>());
        Assert.Equal([0, 4], dataset.Images.First(image => image.Objects.Count == 0).Boxes().shape);
        Assert.All(CocoDataset.Read(GoldenFile.PathOf("detection/evaluation-truth.json"), masks: false).Images[0].Objects, one => Assert.Null(one.Mask));
    }

    [Theory]
    [InlineData("[", "this is no JSON")]
    [InlineData("{}", "the content: expected an object with 'categories'")]
    [InlineData("""{"image_id":2,"category_id":3,"bbox":[0,0,1,1]}""", "annotations[0].image_id: there is no picture with the number 2")]
    [InlineData("""{"image_id":1,"category_id":4,"bbox":[0,0,1,1]}""", "annotations[0].category_id: there is no category with the number 4")]
    [InlineData("""{"image_id":1,"category_id":3,"bbox":[0,0,1]}""", "annotations[0].bbox: expected 4 numbers (x, y, width, height); [0,0,1] came")]
    [InlineData("""{"image_id":1,"category_id":3,"bbox":[0,0,1,"1"]}""", "annotations[0].bbox[3]: expected a number")]
    [InlineData("""{"image_id":1,"category_id":3,"bbox":[0,0,1,1],"segmentation":[[1,2,3]]}""", "annotations[0].segmentation: Expected x and y of three corners")]
    [InlineData("""{"image_id":1,"category_id":3,"bbox":[0,0,1,1],"segmentation":{"size":[4,6],"counts":[25]}}""", "annotations[0].segmentation.counts: Run 0 is of 25 pixels")]
    [InlineData("""{"image_id":1,"category_id":3,"bbox":[0,0,1,1],"segmentation":{"size":[6,4],"counts":[24]}}""", "annotations[0].segmentation.size: the picture is 4 x 6")]
    public void Read_OfCocoThatIsWrong_SaysWhere(string content, string expected)
    {
        var json = content.StartsWith("{\"image_id\"", StringComparison.Ordinal)
            ? $$"""{"images":[{{Image}}],"categories":[{{Cat}}],"annotations":[{{content}}]}"""
            : content;
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));

        var message = Assert.Throws<InvalidDataException>(() => CocoDataset.Read(stream, "some.json")).Message;

        Assert.StartsWith("some.json: ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message);
    }

    [Fact]
    public void Read_OfVoc_GivesBoxesAndDifficultObjects()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "ImageSets", "Main"));
        Directory.CreateDirectory(Path.Combine(_folder, "Annotations"));
        File.WriteAllText(Path.Combine(_folder, "ImageSets", "Main", "test.txt"), "000005\n");
        Voc("<object><name>dog</name><difficult>1</difficult><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>6</xmax><ymax>4</ymax></bndbox></object>");

        var image = Assert.Single(VocDataset.Read(_folder, "test").Images);

        Assert.Equal(("a.jpg", 4, 6), (image.FileName, image.Height, image.Width));
        Assert.Equal(new ObjectAnnotation(12, new(0, 1, 6, 3)) { IsDifficult = true }, Assert.Single(image.Objects));
    }

    [Theory]
    [InlineData("<object", "no XML")]
    [InlineData("<object><name>unicorn</name></object>", "line 3: there is no category 'unicorn'")]
    [InlineData("<object><name>dog</name></object>", "line 3: expected a 'bndbox' in 'object'")]
    [InlineData("<object><name>dog</name><bndbox><xmin>x</xmin><ymin>2</ymin></bndbox></object>", "line 3: expected a number; 'x' came")]
    [InlineData("<object><name>dog</name><bndbox><xmin>5</xmin><ymin>2</ymin><xmax>4</xmax><ymax>4</ymax></bndbox></object>", "the box ends before it starts")]
    public void Read_OfVocThatIsWrong_SaysWhere(string content, string expected)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "Annotations"));
        var message = Assert.Throws<InvalidDataException>(() => VocDataset.ReadImage(Voc(content))).Message;
        Assert.Contains("000005.xml", message);
        Assert.Contains(expected, message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Voc(string objects)
    {
        var path = Path.Combine(_folder, "Annotations", "000005.xml");
        File.WriteAllText(path, $"<annotation><filename>a.jpg</filename>\n<size><width>6</width><height>4</height></size>\n{objects}</annotation>");
        return path;
    }
}
