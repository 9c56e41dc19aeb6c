
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'gantei' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'gantei'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'gantei' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('predict', 'predict', [CompletionResultType]::ParameterValue, 'Run models on photographs and folders')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Write raw saliency maps')
            [CompletionResult]::new('models', 'models', [CompletionResultType]::ParameterValue, 'List the models, check what is stored, remove one, or confirm fields of its card')
            [CompletionResult]::new('devices', 'devices', [CompletionResultType]::ParameterValue, 'Test every engine and device')
            [CompletionResult]::new('runtime', 'runtime', [CompletionResultType]::ParameterValue, 'Manage the ONNX Runtime library')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Import a model into the model library')
            [CompletionResult]::new('check-import', 'check-import', [CompletionResultType]::ParameterValue, 'Find the preprocessing of a model from images with known labels')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Compare a model with the Keras output for the same input tensor')
            [CompletionResult]::new('study', 'study', [CompletionResultType]::ParameterValue, 'Create a study, run it and show how far it is')
            [CompletionResult]::new('draw', 'draw', [CompletionResultType]::ParameterValue, 'Generate computer-drawn fundus photographs')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Write completions for a shell, or the manual page, to standard output')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gantei;predict' {
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Id of a model in the library, or its file, folder or archive; may be repeated')
            [CompletionResult]::new('--saliency', '--saliency', [CompletionResultType]::ParameterName, 'Saliency map to compute')
            [CompletionResult]::new('--device', '--device', [CompletionResultType]::ParameterName, 'auto, embedded, cpu, cuda, tensorrt, directml, coreml, openvino, webgpu, migraphx or xnnpack')
            [CompletionResult]::new('--eye', '--eye', [CompletionResultType]::ParameterName, 'Eye of every given photograph: OD (right) or OS (left)')
            [CompletionResult]::new('--frame', '--frame', [CompletionResultType]::ParameterName, 'Frame of a multi-frame DICOM file, from 1')
            [CompletionResult]::new('--persons', '--persons', [CompletionResultType]::ParameterName, 'How photographs are grouped by person: none turns grouping off, file-names uses the persons that file names suggest; by default persons come from DICOM files, and file names give only person_guess')
            [CompletionResult]::new('--overlay', '--overlay', [CompletionResultType]::ParameterName, 'File format of overlays: png-fast takes less time and more space, jpeg loses some colour')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Output folder for results.csv, results_full.csv, people.csv, results.json and overlays; without it nothing is written')
            [CompletionResult]::new('--accept-any-picture', '--accept-any-picture', [CompletionResultType]::ParameterName, 'Use pictures even if they do not look like fundus photographs')
            [CompletionResult]::new('--mask-names', '--mask-names', [CompletionResultType]::ParameterName, 'Replace file names with numbers everywhere')
            [CompletionResult]::new('--again', '--again', [CompletionResultType]::ParameterName, 'Start over even if a stopped run of the same command could be resumed')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document to standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gantei;explain' {
            [CompletionResult]::new('--tensor', '--tensor', [CompletionResultType]::ParameterName, 'Network input as Keras takes it: NHWC float32, any batch size')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Id of a model in the library, or its file, folder or archive')
            [CompletionResult]::new('--method', '--method', [CompletionResultType]::ParameterName, 'grad-cam, score-cam, hires-cam, layer-cam, integrated-gradients, smooth-grad, occlusion or input-gradient')
            [CompletionResult]::new('--layer', '--layer', [CompletionResultType]::ParameterName, 'Layer of a class activation map by its Keras name; by default the last feature map')
            [CompletionResult]::new('--target', '--target', [CompletionResultType]::ParameterName, 'Index of the output to explain, from 0, before the last activation')
            [CompletionResult]::new('--steps', '--steps', [CompletionResultType]::ParameterName, 'Channels with the highest energy for score-cam (100), steps for integrated-gradients (50), samples for smooth-grad (50) or patches along the longer side of the network''s input for occlusion (16)')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'black, blur or mean: baseline input, for score-cam (black), integrated-gradients (black) and occlusion (mean)')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Seed of smooth-grad''s noise, and of the sanity checks'' randomised weights and random areas (0)')
            [CompletionResult]::new('--controls', '--controls', [CompletionResultType]::ParameterName, 'Run the sanity checks on the map: all, or some of hiding, weights and stability')
            [CompletionResult]::new('--disc', '--disc', [CompletionResultType]::ParameterName, 'Centre of the optic disc in pixels of the upright photograph')
            [CompletionResult]::new('--fovea', '--fovea', [CompletionResultType]::ParameterName, 'Fovea in pixels of the upright photograph')
            [CompletionResult]::new('--random-areas', '--random-areas', [CompletionResultType]::ParameterName, 'Random areas of equal size hidden for comparison with each region')
            [CompletionResult]::new('--fill', '--fill', [CompletionResultType]::ParameterName, 'Fill of hidden cells in the sanity checks: blur, mean or black')
            [CompletionResult]::new('--figure', '--figure', [CompletionResultType]::ParameterName, 'Also write a figure of every photograph beside its maps, for print: png (300 dpi), svg or pdf')
            [CompletionResult]::new('--figure-width', '--figure-width', [CompletionResultType]::ParameterName, 'Width of the figure in mm, from 40 to 600')
            [CompletionResult]::new('--figure-ground', '--figure-ground', [CompletionResultType]::ParameterName, 'Background of the figure: white or black')
            [CompletionResult]::new('--figure-panels', '--figure-panels', [CompletionResultType]::ParameterName, 'Panels of the figure: all (photograph and maps), overlays or photograph')
            [CompletionResult]::new('--figure-caption', '--figure-caption', [CompletionResultType]::ParameterName, 'Caption of the figure with placeholders, \n between its lines; findings and the research note always follow [default: {name}: {eye}\n{model}: {answer}\n{map}]')
            [CompletionResult]::new('--figure-language', '--figure-language', [CompletionResultType]::ParameterName, 'Language of the figure: en or ja')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write a case report about each photograph as PDF, in English (en) or Japanese (ja)')
            [CompletionResult]::new('--device', '--device', [CompletionResultType]::ParameterName, 'Device, as for predict')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Output folder for the maps')
            [CompletionResult]::new('--regions', '--regions', [CompletionResultType]::ParameterName, 'Contribution by region: the shares of disc, peripapillary ring, macula, arcades, rest and outside, and the answer with each of them hidden; written to the field regions of the JSON')
            [CompletionResult]::new('--accept-any-picture', '--accept-any-picture', [CompletionResultType]::ParameterName, 'Use pictures even if they do not look like fundus photographs')
            [CompletionResult]::new('--mask-names', '--mask-names', [CompletionResultType]::ParameterName, 'Replace file names with numbers everywhere')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document to standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gantei;models' {
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Remove an imported model from the library')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm fields of an imported model''s card that were assumed and are right')
            [CompletionResult]::new('--fields', '--fields', [CompletionResultType]::ParameterName, 'The fields to confirm, such as labels,crop')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Verify the checksums of every stored model; damaged models that ship with the application are restored')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document to standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gantei;devices' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document to standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gantei;runtime' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Install an ONNX Runtime library where the application looks for it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gantei;runtime;install' {
            [CompletionResult]::new('--accept', '--accept', [CompletionResultType]::ParameterName, 'Accept a file whose checksum is not pinned')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document to standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gantei;runtime;help' {
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Install an ONNX Runtime library where the application looks for it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gantei;runtime;help;install' {
            break
        }
        'gantei;runtime;help;help' {
            break
        }
        'gantei;import' {
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Id of the model in the library')
            [CompletionResult]::new('--card', '--card', [CompletionResultType]::ParameterName, 'Model card or completed draft')
            [CompletionResult]::new('--preset', '--preset', [CompletionResultType]::ParameterName, 'joir-efficientnet-b7, joir-mobilenet, joir-age or joir-other')
            [CompletionResult]::new('--member', '--member', [CompletionResultType]::ParameterName, 'Which model, if a folder or archive holds several; repeat it to choose the configuration')
            [CompletionResult]::new('--input-size', '--input-size', [CompletionResultType]::ParameterName, 'Height and width of the network''s input, if the file leaves them open')
            [CompletionResult]::new('--head', '--head', [CompletionResultType]::ParameterName, 'sigmoid, softmax or linear; for a network that ends in logits, what is to be applied to them')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Which output, if the network has several')
            [CompletionResult]::new('--architecture', '--architecture', [CompletionResultType]::ParameterName, 'For weights-only files whose network is not recognised: its name in Keras Applications, such as EfficientNetB7')
            [CompletionResult]::new('--hidden-activation', '--hidden-activation', [CompletionResultType]::ParameterName, 'For weights-only files: activation of the dense layers before the last, relu or linear')
            [CompletionResult]::new('--imagenet-rescaling', '--imagenet-rescaling', [CompletionResultType]::ParameterName, 'For weights-only EfficientNet files: whether training started from ImageNet weights, yes or no')
            [CompletionResult]::new('--pooling', '--pooling', [CompletionResultType]::ParameterName, 'For weights-only files: what follows the last feature map, avg, max or flatten')
            [CompletionResult]::new('--head-norm', '--head-norm', [CompletionResultType]::ParameterName, 'For weights-only files with a batch norm after a hidden dense layer: before-activation or after-activation')
            [CompletionResult]::new('--norm-epsilon', '--norm-epsilon', [CompletionResultType]::ParameterName, 'For weights-only files with a batch norm in the head: its epsilon (Keras: 0.001)')
            [CompletionResult]::new('--scaling', '--scaling', [CompletionResultType]::ParameterName, 'raw, unit, tf, torch or custom')
            [CompletionResult]::new('--mean', '--mean', [CompletionResultType]::ParameterName, 'For custom scaling: three means on the 0–1 scale')
            [CompletionResult]::new('--std', '--std', [CompletionResultType]::ParameterName, 'For custom scaling: three standard deviations on the 0–1 scale')
            [CompletionResult]::new('--colour', '--colour', [CompletionResultType]::ParameterName, 'rgb or bgr')
            [CompletionResult]::new('--resize', '--resize', [CompletionResultType]::ParameterName, 'pil-nearest, pil-bilinear, pil-bicubic, tf-bilinear or cv2-linear')
            [CompletionResult]::new('--crop', '--crop', [CompletionResultType]::ParameterName, 'stretch, pad, square or masked')
            [CompletionResult]::new('--labels', '--labels', [CompletionResultType]::ParameterName, 'Labels of output 0 and output 1, or of each class')
            [CompletionResult]::new('--threshold', '--threshold', [CompletionResultType]::ParameterName, 'Operating threshold on the score, 0–1')
            [CompletionResult]::new('--task', '--task', [CompletionResultType]::ParameterName, 'sex, age or other')
            [CompletionResult]::new('--value-scale', '--value-scale', [CompletionResultType]::ParameterName, 'For a network trained on transformed values: value = A × output + offset, such as 100 for ages in hundreds')
            [CompletionResult]::new('--value-offset', '--value-offset', [CompletionResultType]::ParameterName, 'For a network trained on transformed values: value = scale × output + B')
            [CompletionResult]::new('--value-range', '--value-range', [CompletionResultType]::ParameterName, 'Lowest and highest value the model was trained on; values outside get a finding')
            [CompletionResult]::new('--draft', '--draft', [CompletionResultType]::ParameterName, 'Write the known fields as a draft card and store nothing')
            [CompletionResult]::new('--replace', '--replace', [CompletionResultType]::ParameterName, 'Replace the library model that has this id')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document to standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gantei;check-import' {
            [CompletionResult]::new('--labels', '--labels', [CompletionResultType]::ParameterName, 'Table of labels (CSV, XLSX, ODS): columns image and sex, age or label; person, if known')
            [CompletionResult]::new('--columns', '--columns', [CompletionResultType]::ParameterName, 'Columns of the table, such as image=NAME,person=NAME,sex=NAME (or age, label); #3 is the third column. Several for image if a row describes several photographs')
            [CompletionResult]::new('--values', '--values', [CompletionResultType]::ParameterName, 'Meaning of values in the table, such as 1=male,2=female; VALUE=- leaves its rows out')
            [CompletionResult]::new('--sheet', '--sheet', [CompletionResultType]::ParameterName, 'Sheet of a workbook')
            [CompletionResult]::new('--rows-per', '--rows-per', [CompletionResultType]::ParameterName, 'What a row is about; persons and eyes are found in file names')
            [CompletionResult]::new('--header-line', '--header-line', [CompletionResultType]::ParameterName, 'Number of the line with the names of the columns')
            [CompletionResult]::new('--apply', '--apply', [CompletionResultType]::ParameterName, 'Write what the labels determine into the card of a model in the library; its setting is kept if it is among the best. With a number, write the setting of that row')
            [CompletionResult]::new('--label-order', '--label-order', [CompletionResultType]::ParameterName, 'For a setting that flips the order of the labels: keep or swap them in the card')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Output folder for check.json, check.csv and check-scores.csv; without it nothing is written')
            [CompletionResult]::new('--device', '--device', [CompletionResultType]::ParameterName, 'Device, as for predict')
            [CompletionResult]::new('--ignore-leading-zeros', '--ignore-leading-zeros', [CompletionResultType]::ParameterName, 'Match names of digits without their leading zeros, which spreadsheets drop')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Run every setting; by default resize kernels are tried for the best few only')
            [CompletionResult]::new('--accept-any-picture', '--accept-any-picture', [CompletionResultType]::ParameterName, 'Use pictures even if they do not look like fundus photographs')
            [CompletionResult]::new('--mask-names', '--mask-names', [CompletionResultType]::ParameterName, 'Replace file names with numbers everywhere, and table rows with their line numbers')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document to standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gantei;verify' {
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'Network input as Keras takes it: NHWC float32')
            [CompletionResult]::new('--expected', '--expected', [CompletionResultType]::ParameterName, 'Output of Keras for this input')
            [CompletionResult]::new('--tolerance', '--tolerance', [CompletionResultType]::ParameterName, 'Largest allowed absolute error')
            [CompletionResult]::new('--device', '--device', [CompletionResultType]::ParameterName, 'Device, as for predict')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Id of the model in the library')
            [CompletionResult]::new('--card', '--card', [CompletionResultType]::ParameterName, 'Model card or completed draft')
            [CompletionResult]::new('--preset', '--preset', [CompletionResultType]::ParameterName, 'joir-efficientnet-b7, joir-mobilenet, joir-age or joir-other')
            [CompletionResult]::new('--member', '--member', [CompletionResultType]::ParameterName, 'Which model, if a folder or archive holds several; repeat it to choose the configuration')
            [CompletionResult]::new('--input-size', '--input-size', [CompletionResultType]::ParameterName, 'Height and width of the network''s input, if the file leaves them open')
            [CompletionResult]::new('--head', '--head', [CompletionResultType]::ParameterName, 'sigmoid, softmax or linear; for a network that ends in logits, what is to be applied to them')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Which output, if the network has several')
            [CompletionResult]::new('--architecture', '--architecture', [CompletionResultType]::ParameterName, 'For weights-only files whose network is not recognised: its name in Keras Applications, such as EfficientNetB7')
            [CompletionResult]::new('--hidden-activation', '--hidden-activation', [CompletionResultType]::ParameterName, 'For weights-only files: activation of the dense layers before the last, relu or linear')
            [CompletionResult]::new('--imagenet-rescaling', '--imagenet-rescaling', [CompletionResultType]::ParameterName, 'For weights-only EfficientNet files: whether training started from ImageNet weights, yes or no')
            [CompletionResult]::new('--pooling', '--pooling', [CompletionResultType]::ParameterName, 'For weights-only files: what follows the last feature map, avg, max or flatten')
            [CompletionResult]::new('--head-norm', '--head-norm', [CompletionResultType]::ParameterName, 'For weights-only files with a batch norm after a hidden dense layer: before-activation or after-activation')
            [CompletionResult]::new('--norm-epsilon', '--norm-epsilon', [CompletionResultType]::ParameterName, 'For weights-only files with a batch norm in the head: its epsilon (Keras: 0.001)')
            [CompletionResult]::new('--scaling', '--scaling', [CompletionResultType]::ParameterName, 'raw, unit, tf, torch or custom')
            [CompletionResult]::new('--mean', '--mean', [CompletionResultType]::ParameterName, 'For custom scaling: three means on the 0–1 scale')
            [CompletionResult]::new('--std', '--std', [CompletionResultType]::ParameterName, 'For custom scaling: three standard deviations on the 0–1 scale')
            [CompletionResult]::new('--colour', '--colour', [CompletionResultType]::ParameterName, 'rgb or bgr')
            [CompletionResult]::new('--resize', '--resize', [CompletionResultType]::ParameterName, 'pil-nearest, pil-bilinear, pil-bicubic, tf-bilinear or cv2-linear')
            [CompletionResult]::new('--crop', '--crop', [CompletionResultType]::ParameterName, 'stretch, pad, square or masked')
            [CompletionResult]::new('--labels', '--labels', [CompletionResultType]::ParameterName, 'Labels of output 0 and output 1, or of each class')
            [CompletionResult]::new('--threshold', '--threshold', [CompletionResultType]::ParameterName, 'Operating threshold on the score, 0–1')
            [CompletionResult]::new('--task', '--task', [CompletionResultType]::ParameterName, 'sex, age or other')
            [CompletionResult]::new('--value-scale', '--value-scale', [CompletionResultType]::ParameterName, 'For a network trained on transformed values: value = A × output + offset, such as 100 for ages in hundreds')
            [CompletionResult]::new('--value-offset', '--value-offset', [CompletionResultType]::ParameterName, 'For a network trained on transformed values: value = scale × output + B')
            [CompletionResult]::new('--value-range', '--value-range', [CompletionResultType]::ParameterName, 'Lowest and highest value the model was trained on; values outside get a finding')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document to standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gantei;study' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Create a study: a folder that refers to photographs and keeps what has been answered')
            [CompletionResult]::new('labels', 'labels', [CompletionResultType]::ParameterValue, 'Read a table of labels, and keep in the study how it is read')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run the models of a study on every photograph that has no answer yet')
            [CompletionResult]::new('evaluate', 'evaluate', [CompletionResultType]::ParameterValue, 'Compare the answers of a study with its labels: figures with intervals, subgroups, plots')
            [CompletionResult]::new('records', 'records', [CompletionResultType]::ParameterValue, 'List photographs whose recorded label a model contradicts, with the photographs most like them')
            [CompletionResult]::new('supplement', 'supplement', [CompletionResultType]::ParameterValue, 'Supply what stands in for labels that are not recorded: calibrated probabilities, and labels drawn several times')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'Make an export of a study again and say what is different')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how far a study is; it may be running meanwhile')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gantei;study;new' {
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Id of a model in the library; may be repeated')
            [CompletionResult]::new('--saliency', '--saliency', [CompletionResultType]::ParameterName, 'Saliency map to compute')
            [CompletionResult]::new('--eye', '--eye', [CompletionResultType]::ParameterName, 'Eye of every photograph: OD (right) or OS (left); none takes it from each photograph')
            [CompletionResult]::new('--frame', '--frame', [CompletionResultType]::ParameterName, 'Frame of multi-frame DICOM files, from 1; none takes the first')
            [CompletionResult]::new('--accept-any-picture', '--accept-any-picture', [CompletionResultType]::ParameterName, 'Use pictures even if they do not look like fundus photographs; =no takes it back')
            [CompletionResult]::new('--persons', '--persons', [CompletionResultType]::ParameterName, 'How photographs are grouped by person, as for predict; dicom, as without it, by DICOM tags alone')
            [CompletionResult]::new('--file-name-pattern', '--file-name-pattern', [CompletionResultType]::ParameterName, 'Where file names have person and eye, such as {person}_{eye}; * stands for anything, {number} for digits; none for the usual guesses')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document to standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gantei;study;labels' {
            [CompletionResult]::new('--labels', '--labels', [CompletionResultType]::ParameterName, 'Table of labels (CSV, XLSX, ODS): columns image and sex, age or label; person, if known')
            [CompletionResult]::new('--columns', '--columns', [CompletionResultType]::ParameterName, 'Columns of the table, such as image=NAME,person=NAME,sex=NAME (or age, label); #3 is the third column. Several for image if a row describes several photographs')
            [CompletionResult]::new('--values', '--values', [CompletionResultType]::ParameterName, 'Meaning of values in the table, such as 1=male,2=female; VALUE=- leaves its rows out')
            [CompletionResult]::new('--sheet', '--sheet', [CompletionResultType]::ParameterName, 'Sheet of a workbook')
            [CompletionResult]::new('--rows-per', '--rows-per', [CompletionResultType]::ParameterName, 'What a row is about; persons and eyes are found in file names')
            [CompletionResult]::new('--header-line', '--header-line', [CompletionResultType]::ParameterName, 'Number of the line with the names of the columns')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Output folder for lists of what has no row, no photograph, or cannot be read; without it nothing is written')
            [CompletionResult]::new('--ignore-leading-zeros', '--ignore-leading-zeros', [CompletionResultType]::ParameterName, 'Match names of digits without their leading zeros, which spreadsheets drop')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document to standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gantei;study;run' {
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'Run one part of several, such as 2/8: for processes that run side by side; a run without --shard joins them and writes the tables')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Id of a model in the library; given once for each, they replace all models of the study')
            [CompletionResult]::new('--saliency', '--saliency', [CompletionResultType]::ParameterName, 'Saliency map to compute')
            [CompletionResult]::new('--eye', '--eye', [CompletionResultType]::ParameterName, 'Eye of every photograph: OD (right) or OS (left); none takes it from each photograph')
            [CompletionResult]::new('--frame', '--frame', [CompletionResultType]::ParameterName, 'Frame of multi-frame DICOM files, from 1; none takes the first')
            [CompletionResult]::new('--accept-any-picture', '--accept-any-picture', [CompletionResultType]::ParameterName, 'Use pictures even if they do not look like fundus photographs; =no takes it back')
            [CompletionResult]::new('--persons', '--persons', [CompletionResultType]::ParameterName, 'How photographs are grouped by person, as for predict; dicom, as without it, by DICOM tags alone')
            [CompletionResult]::new('--file-name-pattern', '--file-name-pattern', [CompletionResultType]::ParameterName, 'Where file names have person and eye, such as {person}_{eye}; * stands for anything, {number} for digits; none for the usual guesses')
            [CompletionResult]::new('--moved', '--moved', [CompletionResultType]::ParameterName, 'Photographs were moved: a path as the study refers to it, and where it is now')
            [CompletionResult]::new('--device', '--device', [CompletionResultType]::ParameterName, 'Device, as for predict')
            [CompletionResult]::new('--overlay', '--overlay', [CompletionResultType]::ParameterName, 'File format of overlays, as for predict')
            [CompletionResult]::new('--failed-only', '--failed-only', [CompletionResultType]::ParameterName, 'Run only photographs whose last attempt failed')
            [CompletionResult]::new('--again', '--again', [CompletionResultType]::ParameterName, 'Compute everything again; the answers so far are set aside')
            [CompletionResult]::new('--forget-missing', '--forget-missing', [CompletionResultType]::ParameterName, 'Leave photographs that are missing out of the study')
            [CompletionResult]::new('--mask-names', '--mask-names', [CompletionResultType]::ParameterName, 'Replace file names with numbers in tables and messages')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document to standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gantei;study;evaluate' {
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'Subgroups by a column: eye, quality, applicability, field (what it is centred on), age, or a column of the table that the study keeps; may be repeated')
            [CompletionResult]::new('--prevalence', '--prevalence', [CompletionResultType]::ParameterName, 'Share of positive cases for which predictive values are stated, 0 to 1; that of the cases if not given')
            [CompletionResult]::new('--samples', '--samples', [CompletionResultType]::ParameterName, 'Samples of persons for each interval by bootstrap')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Folder for tables (CSV, XLSX), evaluation.json and plots (PNG, SVG, PDF, points as CSV)')
            [CompletionResult]::new('--language', '--language', [CompletionResultType]::ParameterName, 'Language of the plots')
            [CompletionResult]::new('--mask-names', '--mask-names', [CompletionResultType]::ParameterName, 'Put numbers in place of the names of photographs and persons in the files')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document to standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gantei;study;records' {
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Model with two labels; the first of the study if not given')
            [CompletionResult]::new('--similar', '--similar', [CompletionResultType]::ParameterName, 'Similar photographs for each, by what the model saw')
            [CompletionResult]::new('--device', '--device', [CompletionResultType]::ParameterName, 'Device on which features are computed that the runs did not keep')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Folder for records-to-check.csv and similar-photographs.csv')
            [CompletionResult]::new('--mask-names', '--mask-names', [CompletionResultType]::ParameterName, 'Put numbers in place of the names of photographs and persons')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document to standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gantei;study;supplement' {
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Model with two labels; the first of the study if not given')
            [CompletionResult]::new('--outcome', '--outcome', [CompletionResultType]::ParameterName, 'Column of the outcome that the label is to be related to; with it missing labels are drawn (multiple imputation)')
            [CompletionResult]::new('--covariate', '--covariate', [CompletionResultType]::ParameterName, 'Further column of the analysis, for the draws; may be repeated')
            [CompletionResult]::new('--imputations', '--imputations', [CompletionResultType]::ParameterName, 'Number of imputations')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Seed of the draws and of the parts of the calibration')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Folder for supplement.csv, supplement.json and imputed.mice.csv, imputed.stata.csv, imputed.spss.csv')
            [CompletionResult]::new('--hard-labels', '--hard-labels', [CompletionResultType]::ParameterName, 'Also state the label at the operating threshold, with the loss that its use brings')
            [CompletionResult]::new('--mask-names', '--mask-names', [CompletionResultType]::ParameterName, 'Put numbers in place of the names of persons in the files')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document to standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gantei;study;replay' {
            [CompletionResult]::new('--device', '--device', [CompletionResultType]::ParameterName, 'Device to run on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document to standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gantei;study;status' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document to standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gantei;study;help' {
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Create a study: a folder that refers to photographs and keeps what has been answered')
            [CompletionResult]::new('labels', 'labels', [CompletionResultType]::ParameterValue, 'Read a table of labels, and keep in the study how it is read')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run the models of a study on every photograph that has no answer yet')
            [CompletionResult]::new('evaluate', 'evaluate', [CompletionResultType]::ParameterValue, 'Compare the answers of a study with its labels: figures with intervals, subgroups, plots')
            [CompletionResult]::new('records', 'records', [CompletionResultType]::ParameterValue, 'List photographs whose recorded label a model contradicts, with the photographs most like them')
            [CompletionResult]::new('supplement', 'supplement', [CompletionResultType]::ParameterValue, 'Supply what stands in for labels that are not recorded: calibrated probabilities, and labels drawn several times')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'Make an export of a study again and say what is different')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how far a study is; it may be running meanwhile')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gantei;study;help;new' {
            break
        }
        'gantei;study;help;labels' {
            break
        }
        'gantei;study;help;run' {
            break
        }
        'gantei;study;help;evaluate' {
            break
        }
        'gantei;study;help;records' {
            break
        }
        'gantei;study;help;supplement' {
            break
        }
        'gantei;study;help;replay' {
            break
        }
        'gantei;study;help;status' {
            break
        }
        'gantei;study;help;help' {
            break
        }
        'gantei;draw' {
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Number of eyes')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Seed; the same seed gives the same bytes')
            [CompletionResult]::new('--size', '--size', [CompletionResultType]::ParameterName, 'Side length in pixels, or width and height')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'png or jpg')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Output folder for images, labels.csv and signs.json')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document to standard output')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gantei;completions' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gantei;help' {
            [CompletionResult]::new('predict', 'predict', [CompletionResultType]::ParameterValue, 'Run models on photographs and folders')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Write raw saliency maps')
            [CompletionResult]::new('models', 'models', [CompletionResultType]::ParameterValue, 'List the models, check what is stored, remove one, or confirm fields of its card')
            [CompletionResult]::new('devices', 'devices', [CompletionResultType]::ParameterValue, 'Test every engine and device')
            [CompletionResult]::new('runtime', 'runtime', [CompletionResultType]::ParameterValue, 'Manage the ONNX Runtime library')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Import a model into the model library')
            [CompletionResult]::new('check-import', 'check-import', [CompletionResultType]::ParameterValue, 'Find the preprocessing of a model from images with known labels')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Compare a model with the Keras output for the same input tensor')
            [CompletionResult]::new('study', 'study', [CompletionResultType]::ParameterValue, 'Create a study, run it and show how far it is')
            [CompletionResult]::new('draw', 'draw', [CompletionResultType]::ParameterValue, 'Generate computer-drawn fundus photographs')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Write completions for a shell, or the manual page, to standard output')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gantei;help;predict' {
            break
        }
        'gantei;help;explain' {
            break
        }
        'gantei;help;models' {
            break
        }
        'gantei;help;devices' {
            break
        }
        'gantei;help;runtime' {
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Install an ONNX Runtime library where the application looks for it')
            break
        }
        'gantei;help;runtime;install' {
            break
        }
        'gantei;help;import' {
            break
        }
        'gantei;help;check-import' {
            break
        }
        'gantei;help;verify' {
            break
        }
        'gantei;help;study' {
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Create a study: a folder that refers to photographs and keeps what has been answered')
            [CompletionResult]::new('labels', 'labels', [CompletionResultType]::ParameterValue, 'Read a table of labels, and keep in the study how it is read')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run the models of a study on every photograph that has no answer yet')
            [CompletionResult]::new('evaluate', 'evaluate', [CompletionResultType]::ParameterValue, 'Compare the answers of a study with its labels: figures with intervals, subgroups, plots')
            [CompletionResult]::new('records', 'records', [CompletionResultType]::ParameterValue, 'List photographs whose recorded label a model contradicts, with the photographs most like them')
            [CompletionResult]::new('supplement', 'supplement', [CompletionResultType]::ParameterValue, 'Supply what stands in for labels that are not recorded: calibrated probabilities, and labels drawn several times')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'Make an export of a study again and say what is different')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how far a study is; it may be running meanwhile')
            break
        }
        'gantei;help;study;new' {
            break
        }
        'gantei;help;study;labels' {
            break
        }
        'gantei;help;study;run' {
            break
        }
        'gantei;help;study;evaluate' {
            break
        }
        'gantei;help;study;records' {
            break
        }
        'gantei;help;study;supplement' {
            break
        }
        'gantei;help;study;replay' {
            break
        }
        'gantei;help;study;status' {
            break
        }
        'gantei;help;draw' {
            break
        }
        'gantei;help;completions' {
            break
        }
        'gantei;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
