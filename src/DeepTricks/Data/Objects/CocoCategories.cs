namespace DeepTricks.Data;

/// <summary>The names of COCO's categories (Lin et al., "Microsoft COCO: Common Objects in Context", 2014) by the labels that torchvision's detectors give.</summary>
public static class CocoCategories
{
    /// <summary>What stands where no category has the label: ten were announced and left out of the data.</summary>
    public const string Absent = "N/A";

    /// <summary>91 names; 0 is the background, and the 80 categories have labels from 1 to 90.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "background", "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light", "fire hydrant", Absent, "stop sign",
        "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe", Absent, "backpack", "umbrella", Absent, Absent,
        "handbag", "tie", "suitcase", "frisbee", "skis", "snowboard", "sports ball", "kite", "baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket",
        "bottle", Absent, "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple", "sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut",
        "cake", "chair", "couch", "potted plant", "bed", Absent, "dining table", Absent, Absent, "toilet", Absent, "tv", "laptop", "mouse", "remote", "keyboard",
        "cell phone", "microwave", "oven", "toaster", "sink", "refrigerator", Absent, "book", "clock", "vase", "scissors", "teddy bear", "hair drier", "toothbrush",
    ];

    /// <summary>The 80 categories that there are, as evaluations take them.</summary>
    public static IReadOnlyList<ObjectCategory> All { get; } =
        [.. Names.Index().Skip(1).Where(one => one.Item != Absent).Select(one => new ObjectCategory(one.Index, one.Item))];
}
